"""The page on which one record is created or edited."""

from __future__ import annotations

from functools import partial
from typing import Any, ClassVar

from django.contrib import messages
from django.db import models
from django.forms import ModelForm
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from fde_portal.accounts.access import PortalRequest, PortalView
from fde_portal.accounts.forms import RecordForm
from fde_portal.accounts.permissions import Permission
from fde_portal.accounts.records import Conflict, archive_record, restore_record, save_record
from fde_portal.accounts.services.kept_texts import forget_text
from fde_portal.accounts.undo_pages import UNDO, Before, before_save, say_saved, take_back
from fde_portal.core.messages import success_with_undo
from fde_portal.core.models import Record


class RecordFormPage(PortalView):
    """Shows a form for one record and saves it.

    A page says which record (`get_record`: found through `visible_to`, or a new one with its
    parents set), which form, what the page is called and where to go afterwards.
    """

    permission = Permission.WRITE_RECORDS
    form_class: ClassVar[type[ModelForm]]
    template_name = "record_form.html"

    def get_record(self) -> models.Model:
        raise NotImplementedError

    def title(self, record: models.Model) -> str:
        raise NotImplementedError

    def done_url(self, record: Any) -> str:
        raise NotImplementedError

    def form_options(self) -> dict[str, Any]:
        """Further arguments of the form, such as what its choices are limited to."""
        return {}

    def save(self, form: ModelForm) -> Any:
        """Carry out the act. Acts with more consequences call their own service here."""
        return save_record(form, by=self.request.user)

    def get(self, request: PortalRequest, **kwargs: Any) -> HttpResponse:
        return self.show(self.form_class(instance=self.get_record(), initial=self.initial(), **self.form_options()))

    def post(self, request: PortalRequest, **kwargs: Any) -> HttpResponse:
        record = self.get_record()
        if UNDO in request.GET:
            return take_back(request, made=partial(self.bound, record), save=self.save, done_url=self.done_url)
        is_new, draft_key, form = record.pk is None, self.draft_key(record), self.bound(record, request.POST)
        if not form.is_valid():
            return self.show(form, status=422)
        try:
            record, before = self.save_and_remember(form)
        except Conflict:
            form.show_conflict()
            return self.show(form, status=409)
        forget_text(person=request.user, key=draft_key)
        self.say_saved(record, form, before, is_new=is_new)
        return HttpResponseRedirect(self.done_url(record))

    def say_saved(self, record: Any, form: ModelForm, before: Before | None, *, is_new: bool) -> None:
        """Say it with the way back: to how it was, or away again for what is new."""
        text = self.saved_message(record)
        if is_new and self.sees(record):
            success_with_undo(self.request, text, self.archive_url(record))
        else:
            say_saved(self.request, text, record=record, form=form, before=before)

    def archive_url(self, record: Any) -> str:
        """Where a new record is put away again: what `…_new` makes, `…_archive` with one more part in its address archives."""
        name = self.request.resolver_match.view_name.removesuffix("_new")
        return reverse(f"{name}_archive", args=[*self.kwargs.values(), record.pk])

    def sees(self, record: models.Model) -> bool:
        """Whether the record can be reached by whoever saved it: some give it to others as they make it."""
        rows = type(record)._default_manager.filter(pk=record.pk)
        return rows.visible_to(self.request.user).exists() if hasattr(rows, "visible_to") else rows.exists()

    def bound(self, record: models.Model, data: Any) -> ModelForm:
        return self.form_class(data, instance=record, **self.form_options())

    def save_and_remember(self, form: ModelForm) -> tuple[Any, Before | None]:
        """The saved record, and how it was before if that can come back."""
        before = before_save(form) if isinstance(form, RecordForm) else None
        record = self.save(form)
        return record, before if before and self.is_still_seen() else None

    def is_still_seen(self) -> bool:
        try:
            self.get_record()
        except Http404:
            return False
        return True

    def initial(self) -> dict[str, Any]:
        return {}

    def saved_message(self, record: Any) -> str:
        return _("Saved: %(record)s") % {"record": record}

    def show(self, form: ModelForm, status: int = 200) -> HttpResponse:
        record = form.instance
        context = {
            "form": form,
            "title": self.title(record),
            "back_url": self.back_url(record),
            "draft_key": self.draft_key(record),
            **self.extra_context(record),
        }
        return render(self.request, self.template_name, context, status=status)

    def draft_key(self, record: models.Model) -> str:
        """By which text that is not saved yet is kept."""
        return f"{record._meta.label_lower}:{record.pk or self.request.path}"

    def back_url(self, record: Any) -> str:
        return self.done_url(record)

    def extra_context(self, record: Any) -> dict[str, Any]:
        return {}


class RecordArchive(PortalView):
    """Archives one record (POST) and offers to undo it."""

    permission = Permission.WRITE_RECORDS

    def get_record(self) -> Record:
        raise NotImplementedError

    def restore_url(self, record: Any) -> str:
        raise NotImplementedError

    def done_url(self, record: Any) -> str:
        raise NotImplementedError

    def archive(self, record: Any) -> None:
        """Carry out the act. Acts with more consequences call their own service here."""
        archive_record(record, by=self.request.user, now=timezone.now())

    def post(self, request: PortalRequest, **kwargs: Any) -> HttpResponse:
        record = self.get_record()
        self.archive(record)
        success_with_undo(request, self.archived_message(record), self.restore_url(record))
        return HttpResponseRedirect(self.done_url(record))

    def archived_message(self, record: Any) -> str:
        return _("Archived: %(record)s") % {"record": record}


class RecordRestore(PortalView):
    """Brings one archived record back (POST)."""

    permission = Permission.WRITE_RECORDS

    def get_record(self) -> Record:
        raise NotImplementedError

    def done_url(self, record: Any) -> str:
        raise NotImplementedError

    def restore(self, record: Any) -> None:
        """Carry out the act. Acts with more consequences call their own service here."""
        restore_record(record, by=self.request.user)

    def post(self, request: PortalRequest, **kwargs: Any) -> HttpResponse:
        record = self.get_record()
        self.restore(record)
        messages.success(request, self.restored_message(record))
        return HttpResponseRedirect(self.done_url(record))

    def restored_message(self, record: Any) -> str:
        return _("Restored: %(record)s") % {"record": record}
