"""A person's own views of the portfolio: named, renamed, opened first, deleted, brought back."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from engagements.forms.portfolio import chosen_rows
from fde_portal.accounts.access import PortalView
from fde_portal.accounts.forms.saved_views import SavedViewForm
from fde_portal.accounts.models import SavedView
from fde_portal.accounts.pages import RecordArchive, RecordFormPage, RecordRestore
from fde_portal.accounts.permissions import Permission
from fde_portal.accounts.services.saved_views import restore_view, save_view

PAGE = "portfolio"


def own_view(view: PortalView) -> SavedView:
    """The view the address names, if it is the reader's."""
    return get_object_or_404(SavedView, person=view.request.user, page=PAGE, pk=view.kwargs["pk"])


def address_of(view: SavedView) -> str:
    return f"{reverse('portfolio')}?{view.query or 'view='}"


class ViewForm(RecordFormPage):
    permission = Permission.VIEW_RECORDS
    form_class = SavedViewForm
    template_name = "engagements/portfolio/view_form.html"

    def save(self, form: SavedViewForm) -> SavedView:
        return save_view(form, by=self.request.user)

    def done_url(self, record: SavedView) -> str:
        return address_of(record)


class PortfolioViewNew(ViewForm):
    """What stands in the address besides becomes the view."""

    def get_record(self) -> SavedView:
        return SavedView(person=self.request.user, page=PAGE, query=chosen_rows(self.request, timezone.localdate()).query)

    def title(self, record: SavedView) -> str:
        return _("Save this view")


class PortfolioViewEdit(ViewForm):
    def get_record(self) -> SavedView:
        return own_view(self)

    def title(self, record: SavedView) -> str:
        return record.name

    def extra_context(self, record: SavedView) -> dict[str, Any]:
        return {"view": record}


class PortfolioViewArchive(RecordArchive):
    permission = Permission.VIEW_RECORDS

    def get_record(self) -> SavedView:
        return own_view(self)

    def restore_url(self, record: SavedView) -> str:
        return reverse("portfolio_view_restore", args=[record.pk])

    def done_url(self, record: SavedView) -> str:
        return f"{reverse('portfolio')}?view="


class PortfolioViewRestore(RecordRestore):
    permission = Permission.VIEW_RECORDS

    def get_record(self) -> SavedView:
        return own_view(self)

    def restore(self, record: SavedView) -> None:
        restore_view(record, by=self.request.user)

    def done_url(self, record: SavedView) -> str:
        return address_of(record)
