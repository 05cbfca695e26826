"""What value lines really brought: recorded line by line, beside the estimate."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from engagements.forms.value_ledger import RealisedForm
from engagements.models import RealisedValue, ValueLine
from engagements.services.value_ledger import save_realised
from engagements.views.values import visible_case
from fde_portal.accounts.access import PortalView
from fde_portal.accounts.pages import RecordArchive, RecordFormPage, RecordRestore


def visible_line(view: PortalView) -> ValueLine:
    """The line the address names, of the case named, if the viewer sees both."""
    rows = ValueLine.objects.visible_to(view.request.user).select_related("case__engagement")
    return get_object_or_404(rows, pk=view.kwargs["line"], case=visible_case(view))


def visible_realised(view: PortalView) -> RealisedValue:
    rows = RealisedValue.objects.visible_to(view.request.user).select_related("line__case__engagement")
    return get_object_or_404(rows, pk=view.kwargs["realised"], line=visible_line(view))


class RealisedPlace:
    """Where the pages of a realised figure lead back to."""

    def done_url(self, record: RealisedValue) -> str:
        return reverse("engagement_value", args=[record.line.case.engagement.slug])


class RealisedNew(RealisedPlace, RecordFormPage):
    form_class = RealisedForm

    def get_record(self) -> RealisedValue:
        return RealisedValue(line=visible_line(self))

    def title(self, record: RealisedValue) -> str:
        return _("Realised: %(line)s") % {"line": record.line}

    def form_options(self) -> dict[str, Any]:
        return {"today": timezone.localdate(timezone=visible_line(self).case.engagement.zone)}

    def save(self, form: RealisedForm) -> RealisedValue:
        return save_realised(form, by=self.request.user, today=form.today)


class RealisedEdit(RealisedNew):
    def get_record(self) -> RealisedValue:
        return visible_realised(self)


class RealisedArchive(RealisedPlace, RecordArchive):
    def get_record(self) -> RealisedValue:
        return visible_realised(self)

    def restore_url(self, record: RealisedValue) -> str:
        return reverse("realised_restore", args=[record.line.case.engagement.slug, record.line.case_id, record.line_id, record.pk])


class RealisedRestore(RealisedPlace, RecordRestore):
    def get_record(self) -> RealisedValue:
        return visible_realised(self)
