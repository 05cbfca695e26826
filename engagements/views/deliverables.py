"""The Deliverables tab, and the pages behind it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from engagements.forms.deliverables import DeliverableForm
from engagements.models import Deliverable
from engagements.selectors.deliverable import deliverables_of
from engagements.services.deliverables import save_deliverable
from engagements.views.counted import CountedArchive, CountedRestore
from engagements.views.engagements import visible_engagement
from engagements.views.pages import EngagementView
from fde_portal.accounts.access import PortalRequest, PortalView
from fde_portal.accounts.pages import RecordFormPage


class EngagementDeliverables(EngagementView):
    tab = "engagement_deliverables"

    def get(self, request: PortalRequest, slug: str) -> HttpResponse:
        deliverables = deliverables_of(self.engagement, request.user)
        context = {"deliverables": deliverables.current(), "archived": deliverables.archived()}
        return self.show("engagements/deliverable/list.html", context)


def visible_deliverable(view: PortalView) -> Deliverable:
    """The deliverable the address names, if it belongs to the engagement named and the viewer sees it."""
    deliverables = Deliverable.objects.visible_to(view.request.user).select_related("engagement")
    return get_object_or_404(deliverables, pk=view.kwargs["pk"], engagement__slug=view.kwargs["slug"])


class DeliverablePlace:
    """Where the pages of a deliverable lead back to."""

    def done_url(self, record: Deliverable) -> str:
        return reverse("engagement_deliverables", args=[record.engagement.slug])


class DeliverableFormPage(DeliverablePlace, RecordFormPage):
    form_class = DeliverableForm
    template_name = "engagements/deliverable/form.html"

    def form_options(self) -> dict[str, Any]:
        return {"today": timezone.localdate(timezone=visible_engagement(self).zone)}

    def save(self, form: DeliverableForm) -> Deliverable:
        return save_deliverable(form, by=self.request.user)


class DeliverableNew(DeliverableFormPage):
    def get_record(self) -> Deliverable:
        return Deliverable(engagement=visible_engagement(self), owner=self.request.user)

    def title(self, record: Deliverable) -> str:
        return _("New deliverable")


class DeliverableEdit(DeliverableFormPage):
    def get_record(self) -> Deliverable:
        return visible_deliverable(self)

    def title(self, record: Deliverable) -> str:
        return _("Edit deliverable")

    def extra_context(self, record: Deliverable) -> dict[str, Any]:
        return {"deliverable": record, "attachments": record.attachments.current().select_related("added_by")}


class DeliverableArchive(DeliverablePlace, CountedArchive):
    def get_record(self) -> Deliverable:
        return visible_deliverable(self)

    def restore_url(self, record: Deliverable) -> str:
        return reverse("deliverable_restore", args=[record.engagement.slug, record.pk])


class DeliverableRestore(DeliverablePlace, CountedRestore):
    def get_record(self) -> Deliverable:
        return visible_deliverable(self)
