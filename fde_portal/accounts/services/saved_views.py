"""Saving a view of a list, and letting one open first."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet
from django.forms import ModelForm

from fde_portal.accounts.models import SavedView, User
from fde_portal.accounts.records import restore_record, save_record


@transaction.atomic
def save_view(form: ModelForm, *, by: User) -> SavedView:
    """Save a view from a valid form. Of a person's views of a page one opens first: the one that was told so last.

    Raises Conflict (accounts.records) when it was saved in another window in between.
    """
    if form.cleaned_data["is_default"]:
        _others(form.instance).update(is_default=False)
    return save_record(form, by=by)


@transaction.atomic
def restore_view(view: SavedView, *, by: User) -> None:
    """Bring a deleted view back; it opens first again unless another one does by now."""
    if view.is_default and _others(view).filter(is_default=True).exists():
        SavedView.objects.filter(pk=view.pk).update(is_default=False)
    restore_record(view, by=by)


def _others(view: SavedView) -> QuerySet[SavedView]:
    return SavedView.objects.current().filter(person=view.person, page=view.page).exclude(pk=view.pk)
