"""Files of usage: taken in at once when they fit, else matched, previewed, loaded by the worker and watched."""

from __future__ import annotations

import zlib
from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.forms.usages import ColumnsForm, UsageUploadForm
from engagements.intake.files import read_rows
from engagements.intake.mapping import Preview, guessed, preview_of
from engagements.intake.rows import COLUMNS, ROWS_AT_ONCE, RowsRejected, TooManyRows, content_hash_of
from engagements.models import UsageBatch, UsageChunk
from engagements.selectors.usage import batches_of, refused_rows, row_reader, sources_of
from engagements.services.usage_loads import begin_load, cancel_load, keep_chunks
from engagements.services.usages import (
    BatchKeyReused,
    PeriodClosed,
    Receipt,
    receive_usage_batch,
    replay,
    roll_back_batch,
    take_back_in,
)
from engagements.views.usages import DataView
from fde_portal.accounts.access import PortalRequest
from fde_portal.accounts.services.exports import note_figures
from fde_portal.core.cells import csv_answer
from fde_portal.core.formats import day as written_day
from fde_portal.core.messages import success_with_undo

# What is larger is not read into memory by a web process.
AT_ONCE_BYTES = 4 * 1024 * 1024


class UsageUpload(DataView):
    """Takes in a CSV file. `?source=<id>` chooses the source beforehand."""

    def get(self, request: PortalRequest, slug: str) -> HttpResponse:
        return self.show_form(self.form(initial={"source": request.GET.get("source")}))

    def post(self, request: PortalRequest, slug: str) -> HttpResponse:
        form = self.form(request.POST, request.FILES)
        if not form.is_valid():
            return self.show_form(form, status=422)
        try:
            receipt = self.take_in(form)
        except RowsRejected as fault:
            form.refuse(fault.errors)
            return self.show_form(form, status=422)
        except BatchKeyReused:  # a hash of other content is no accident, but an answer is owed
            form.add_error("file", _("Another file came before under the same key. Nothing was stored."))
            return self.show_form(form, status=422)
        if receipt is None:
            return self.keep(form)
        messages.add_message(request, messages.INFO if receipt.replayed else messages.SUCCESS, told(receipt))
        return redirect("engagement_data" if receipt.replayed else "engagement_adoption", slug)

    def take_in(self, form: UsageUploadForm) -> Receipt | None:
        """Take in a small file with our headings; None for any other. Raises RowsRejected, BatchKeyReused."""
        file, source, encoding = (form.cleaned_data[name] for name in ("file", "source", "encoding"))
        reader = row_reader(source, timezone.now())
        names = {heading.lower() for heading in preview_of(file.chunks(), encoding).headings}
        if file.size > AT_ONCE_BYTES or not ("actor" in names and names <= set(reader.columns)):
            return None
        try:
            rows = read_rows(file.chunks(), "csv", reader, limit=ROWS_AT_ONCE, encoding=encoding)
        except TooManyRows:
            return None
        # The content is its own key: the same file twice counts once.
        key = content_hash_of(rows)
        return receive_usage_batch(source=source, rows=rows, key=key, content_hash=key, by=self.request.user, now=timezone.now())

    def keep(self, form: UsageUploadForm) -> HttpResponse:
        """Keep the file, and ask which of its columns is which."""
        file, source, encoding = (form.cleaned_data[name] for name in ("file", "source", "encoding"))
        batch, __ = keep_chunks(
            file.chunks(), source=source, encoding=encoding, received_by=self.request.user, received_at=timezone.now()
        )
        return redirect("usage_columns", self.engagement.slug, batch.pk)

    def form(self, *args: Any, **kwargs: Any) -> UsageUploadForm:
        return UsageUploadForm(*args, sources=sources_of(self.engagement, self.request.user).current(), **kwargs)

    def show_form(self, form: UsageUploadForm, status: int = 200) -> HttpResponse:
        return self.show("engagements/usage/upload.html", {"form": form}, status=status)


def told(receipt: Receipt) -> str:
    """The answer to a delivery, in words."""
    if receipt.replayed and receipt.batch.state == UsageBatch.State.ROLLED_BACK:
        return _("This file came before and was rolled back. Nothing changed. Take its batch in again to count it.")
    if receipt.replayed:
        return _("This file came before. Nothing changed, and nothing is counted twice.")
    counts = {
        "count": receipt.row_count,
        "first": written_day(receipt.first_day, "year"),
        "last": written_day(receipt.last_day, "year"),
    }
    text = ngettext(
        "%(count)d row came in, from %(first)s to %(last)s. The figures update in a few seconds.",
        "%(count)d rows came in, from %(first)s to %(last)s. The figures update in a few seconds.",
        receipt.row_count,
    )
    return text % counts


class BatchView(DataView):
    """A page about one batch that is seen through the engagement."""

    @cached_property
    def batch(self) -> UsageBatch:
        return get_object_or_404(batches_of(self.engagement, self.request.user), pk=self.kwargs["pk"])


class UsageColumns(BatchView):
    """A file that arrived and waits: which of its columns is which, with its first rows beside."""

    @cached_property
    def waiting(self) -> UsageBatch:
        return get_object_or_404(
            UsageBatch.objects.visible_to(self.request.user).select_related("source__deliverable__engagement"),
            source__deliverable__engagement=self.engagement, pk=self.kwargs["pk"],
            state=UsageBatch.State.RECEIVING, received_by=self.request.user,
        )  # fmt: skip

    @cached_property
    def preview(self) -> Preview:
        """How the file begins. A file that is no table has no headings."""
        first = UsageChunk.objects.filter(batch=self.waiting, number=0).values_list("content", flat=True).get()
        try:
            return preview_of([zlib.decompress(bytes(first))], self.waiting.encoding)
        except RowsRejected:
            return Preview([], [])

    def get(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        return self.show_form(self.form())

    def post(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.show_form(form, status=422)
        batch = self.waiting
        batch.columns, batch.takes_parts = form.columns, form.cleaned_data["takes_parts"]
        try:
            known = replay(batch.source, batch.content_hash, batch.content_hash)
            if not known:
                begin_load(batch, key=batch.content_hash, by=request.user, now=timezone.now())
        except IntegrityError:  # pressed twice at once
            known = replay(batch.source, batch.content_hash, batch.content_hash)
        if known:
            batch.delete()
            messages.info(request, told(known))
        return redirect("usage_batch", slug, known.batch.pk if known else pk)

    def form(self, *args: Any) -> ColumnsForm:
        headings = self.preview.headings
        names = COLUMNS if self.waiting.source.kind == "events" else COLUMNS[:-1]
        return ColumnsForm(*args, names=names, headings=headings, guess=guessed(headings))

    def show_form(self, form: ColumnsForm, status: int = 200) -> HttpResponse:
        context = {"form": form, "batch": self.waiting, "preview": self.preview}
        return self.show("engagements/usage/columns.html", context, status=status)


class UsageColumnsDiscard(UsageColumns):
    """Forgets a file that waits for its columns."""

    def post(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        self.waiting.delete()
        messages.success(request, _("The file was discarded. Nothing was stored."))
        return redirect("usage_upload", slug)


class UsageBatchPage(BatchView):
    """One batch: how far it is, what was wrong. The fragment asks again every second while it loads."""

    def get(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        context = {"batch": self.batch, "has_refused": self.batch.chunks.filter(kind=UsageChunk.Kind.REFUSED).exists()}
        if request.htmx and not request.htmx.boosted:
            return self.show("engagements/usage/_batch.html", context)
        return self.show("engagements/usage/batch.html", context)


class UsageBatchCancel(BatchView):
    def post(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        if cancel_load(batch=self.batch, by=request.user):
            messages.success(request, _("The delivery is cancelled. Nothing of it was stored."))
        else:
            messages.info(request, _("It was through already. Roll it back to take it out of all figures."))
        return redirect("usage_batch", slug, pk)


class UsageRefusedRows(BatchView):
    """The refused rows of a batch as CSV: row, column, what was wrong."""

    def get(self, request: PortalRequest, slug: str, pk: int) -> HttpResponseBase:
        name = f"refused-rows-{self.batch.sequence}"
        note_figures(f"{name}.csv", of=self.engagement, by=request.user)
        return csv_answer(name, [_("Row"), _("Column"), _("Problem")], refused_rows(self.batch))


class UsageBatchRollback(BatchView):
    """Asks first, then takes a batch out of all figures."""

    def get(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        return self.show("engagements/usage/rollback.html", {"batch": self.batch})

    def post(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        try:
            roll_back_batch(batch=self.batch, by=request.user)
        except PeriodClosed as closed:
            messages.error(request, closed_text(closed))
            return redirect("engagement_data", slug)
        undo_url = reverse("usage_batch_restore", args=[slug, pk])
        success_with_undo(request, _("The batch is rolled back. The figures update in a few seconds."), undo_url)
        return redirect("engagement_data", slug)


class UsageBatchRestore(BatchView):
    """Takes a batch in again that was rolled back."""

    def post(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        try:
            take_back_in(batch=self.batch, by=request.user)
        except PeriodClosed as closed:
            messages.error(request, closed_text(closed))
        else:
            messages.success(request, _("The batch counts again. The figures update in a few seconds."))
        return redirect("engagement_data", slug)


def closed_text(closed: PeriodClosed) -> str:
    return _("The data up to %(day)s are closed. Nothing changed.") % {"day": written_day(closed.until, "year")}
