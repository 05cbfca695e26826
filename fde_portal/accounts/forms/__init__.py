"""Forms of people and settings; other apps build on the bases re-exported here."""

from fde_portal.accounts.forms.base import (
    DateInput,
    PortalModelForm,
    QuickForm,
    RecordForm,
    Unfolding,
    WorkDateField,
    time_zone_choices,
)

__all__ = ["DateInput", "PortalModelForm", "QuickForm", "RecordForm", "Unfolding", "WorkDateField", "time_zone_choices"]
