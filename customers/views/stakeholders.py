"""Pages about the people at a customer."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.forms import StakeholderForm
from customers.models import Customer, Stakeholder
from customers.services import (
    archive_stakeholder,
    restore_stakeholder,
    save_stakeholder,
    withdraw_first_stance,
)
from fde_portal.accounts.pages import RecordArchive, RecordFormPage, RecordRestore
from fde_portal.accounts.undo_pages import UNDO, earlier_asked


class StakeholderFormPage(RecordFormPage):
    form_class = StakeholderForm
    template_name = "customers/stakeholder_form.html"

    def save(self, form: StakeholderForm) -> Stakeholder:
        today = timezone.localdate(timezone=self.request.user.zone)
        stance, by = form.cleaned_data["stance"], self.request.user
        stakeholder = save_stakeholder(form, stance=stance, on=today, by=by)
        if UNDO in self.request.GET and not stance:
            withdraw_first_stance(stakeholder, until=earlier_asked(self.request).at, by=by)
        return stakeholder

    def done_url(self, record: Stakeholder) -> str:
        return reverse("customers:detail", args=[record.customer.slug])


class StakeholderNew(StakeholderFormPage):
    def get_record(self) -> Stakeholder:
        customers = Customer.objects.visible_to(self.request.user)
        return Stakeholder(customer=get_object_or_404(customers, slug=self.kwargs["slug"]))

    def title(self, record: Stakeholder) -> str:
        return _("New stakeholder at %(customer)s") % {"customer": record.customer}


class OneStakeholder:
    """What the pages and acts of one stakeholder share."""

    def get_record(self) -> Stakeholder:
        """The one the address names, if it belongs to the customer named and the viewer sees it."""
        stakeholders = Stakeholder.objects.visible_to(self.request.user).select_related("customer")
        return get_object_or_404(stakeholders, pk=self.kwargs["pk"], customer__slug=self.kwargs["slug"])

    def done_url(self, record: Stakeholder) -> str:
        return reverse("customers:detail", args=[record.customer.slug])


class StakeholderEdit(OneStakeholder, StakeholderFormPage):
    def title(self, record: Stakeholder) -> str:
        return _("Edit stakeholder")

    def extra_context(self, record: Stakeholder) -> dict[str, Any]:
        return {"history": record.stances.select_related("recorded_by").order_by("-recorded_on", "-id")}


class StakeholderArchive(OneStakeholder, RecordArchive):
    def archive(self, record: Stakeholder) -> None:
        archive_stakeholder(record, by=self.request.user, now=timezone.now())

    def restore_url(self, record: Stakeholder) -> str:
        return reverse("customers:stakeholder_restore", args=[record.customer.slug, record.pk])


class StakeholderRestore(OneStakeholder, RecordRestore):
    def restore(self, record: Stakeholder) -> None:
        restore_stakeholder(record, by=self.request.user)
