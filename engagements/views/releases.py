"""Releases and incidents of a deliverable: written, edited, archived."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from engagements.forms.releases import IncidentForm, ReleaseForm
from engagements.models import Incident, Release
from engagements.views.deliverables import visible_deliverable
from fde_portal.accounts.access import PortalView
from fde_portal.accounts.pages import RecordArchive, RecordFormPage, RecordRestore


def visible_part(view: PortalView, model: type[models.Model]) -> Any:
    """The release or incident the address names, if it belongs to the deliverable named and the viewer sees it."""
    rows = model.objects.visible_to(view.request.user).select_related("deliverable__engagement")
    return get_object_or_404(rows, pk=view.kwargs["part"], deliverable=visible_deliverable(view))


class PartPlace:
    """Where the pages of releases and incidents lead back to."""

    def done_url(self, record: Release | Incident) -> str:
        return reverse("deliverable", args=[record.deliverable.engagement.slug, record.deliverable_id])

    def address(self, name: str, record: Release | Incident) -> str:
        return reverse(name, args=[record.deliverable.engagement.slug, record.deliverable_id, record.pk])


class ReleaseFormPage(PartPlace, RecordFormPage):
    form_class = ReleaseForm

    def form_options(self) -> dict[str, Any]:
        return {"today": timezone.localdate(timezone=visible_deliverable(self).engagement.zone)}


class ReleaseNew(ReleaseFormPage):
    def get_record(self) -> Release:
        return Release(deliverable=visible_deliverable(self))

    def initial(self) -> dict[str, Any]:
        return {"released_on": self.form_options()["today"]}

    def title(self, record: Release) -> str:
        return _("New release")


class ReleaseEdit(ReleaseFormPage):
    def get_record(self) -> Release:
        return visible_part(self, Release)

    def title(self, record: Release) -> str:
        return _("Edit release")


class ReleaseArchive(PartPlace, RecordArchive):
    def get_record(self) -> Release:
        return visible_part(self, Release)

    def restore_url(self, record: Release) -> str:
        return self.address("release_restore", record)


class ReleaseRestore(PartPlace, RecordRestore):
    def get_record(self) -> Release:
        return visible_part(self, Release)


class IncidentFormPage(PartPlace, RecordFormPage):
    form_class = IncidentForm
    template_name = "engagements/incident/form.html"

    def form_options(self) -> dict[str, Any]:
        return {"now": timezone.now()}


class IncidentNew(IncidentFormPage):
    def get_record(self) -> Incident:
        return Incident(deliverable=visible_deliverable(self))

    def title(self, record: Incident) -> str:
        return _("New incident")


class IncidentEdit(IncidentFormPage):
    def get_record(self) -> Incident:
        return visible_part(self, Incident)

    def title(self, record: Incident) -> str:
        return _("Edit incident")


class IncidentArchive(PartPlace, RecordArchive):
    def get_record(self) -> Incident:
        return visible_part(self, Incident)

    def restore_url(self, record: Incident) -> str:
        return self.address("incident_restore", record)


class IncidentRestore(PartPlace, RecordRestore):
    def get_record(self) -> Incident:
        return visible_part(self, Incident)
