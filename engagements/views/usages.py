"""Where usage comes from: sources with their tokens, files, batches and how to take them back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.forms.usages import UsageSourceForm, UsageTokenForm, UsageUploadForm
from engagements.intake.rows import content_hash_of
from engagements.models import Deliverable, UsageBatch, UsageSource, UsageToken
from engagements.selectors.usage import batches_of, source_line, sources_of, targets_of
from engagements.services.sources import (
    archive_source,
    create_usage_token,
    restore_source,
    revoke_usage_token,
    save_source,
)
from engagements.services.usages import Receipt, receive_usage_batch, roll_back_batch, take_back_in
from engagements.views.data_sources import data_sources_content
from engagements.views.engagements import visible_engagement
from engagements.views.pages import EngagementView
from engagements.views.usage_samples import samples
from fde_portal.accounts.access import PortalRequest, PortalView
from fde_portal.accounts.pages import RecordArchive, RecordFormPage, RecordRestore
from fde_portal.accounts.permissions import Permission
from fde_portal.core.formats import day as written_day
from fde_portal.core.messages import success_with_undo

LATEST_BATCHES = 10
BATCHES_PER_PAGE = 50
TARGETS_PER_PAGE = 25


class DataView(EngagementView):
    """A page about an engagement's data; it belongs to the Adoption tab."""

    tab = "engagement_adoption"
    write_permission = Permission.IMPORT_USAGE

    @cached_property
    def source(self) -> UsageSource:
        return get_object_or_404(sources_of(self.engagement, self.request.user), pk=self.kwargs["pk"])


class EngagementData(DataView):
    """Data and target users: what arrives, and who is meant to use it."""

    def get(self, request: PortalRequest, slug: str) -> HttpResponse:
        sources = sources_of(self.engagement, request.user)
        targets = targets_of(self.engagement, request.user)
        context = {
            "sources": [source_line(source, self.today) for source in sources.current()],
            "targets": Paginator(targets.current(), TARGETS_PER_PAGE).get_page(request.GET.get("page")),
            "batches": batches_of(self.engagement, request.user)[:LATEST_BATCHES],
            "archived_sources": sources.archived(),
            "archived_targets": targets.archived(),
            "has_deliverables": Deliverable.objects.filter(engagement=self.engagement).current().exists(),
            **data_sources_content(self.engagement, self.today),
        }
        return self.show("engagements/usage/data.html", context)


class UsageSourcePage(DataView):
    """One source: its tokens and everything it delivered."""

    def get(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        batches = batches_of(self.engagement, request.user).filter(source=self.source)
        context = {
            "line": source_line(self.source, self.today),
            "tokens": UsageToken.objects.filter(source=self.source, revoked_at=None),
            "batches": Paginator(batches, BATCHES_PER_PAGE).get_page(request.GET.get("page")),
            "api_url": request.build_absolute_uri(reverse("api_usage_batches")),
        }
        return self.show("engagements/usage/source.html", context)


def visible_source(view: PortalView) -> UsageSource:
    """The source the address names, if it belongs to the engagement named and the viewer sees it."""
    return get_object_or_404(sources_of(visible_engagement(view), view.request.user), pk=view.kwargs["pk"])


class SourcePlace:
    """Where the pages of a source lead back to."""

    def done_url(self, record: UsageSource) -> str:
        return reverse("engagement_data", args=[self.kwargs["slug"]])


class UsageSourceFormPage(SourcePlace, RecordFormPage):
    form_class = UsageSourceForm

    def form_options(self) -> dict[str, Any]:
        return {"engagement": visible_engagement(self), "user": self.request.user}

    def extra_context(self, record: UsageSource) -> dict[str, Any]:
        return {"lead": visible_engagement(self)}

    def save(self, form: UsageSourceForm) -> UsageSource:
        return save_source(form, by=self.request.user)


class UsageSourceNew(UsageSourceFormPage):
    def get_record(self) -> UsageSource:
        visible_engagement(self)
        return UsageSource()

    def title(self, record: UsageSource) -> str:
        return _("New usage source")


class UsageSourceEdit(UsageSourceFormPage):
    def get_record(self) -> UsageSource:
        return visible_source(self)

    def title(self, record: UsageSource) -> str:
        return _("Edit usage source")


class UsageSourceArchive(SourcePlace, RecordArchive):
    def get_record(self) -> UsageSource:
        return visible_source(self)

    def archive(self, record: UsageSource) -> None:
        archive_source(record, by=self.request.user, now=timezone.now())

    def restore_url(self, record: UsageSource) -> str:
        return reverse("usage_source_restore", args=[self.kwargs["slug"], record.pk])


class UsageSourceRestore(SourcePlace, RecordRestore):
    def get_record(self) -> UsageSource:
        return visible_source(self)

    def restore(self, record: UsageSource) -> None:
        restore_source(record, by=self.request.user)


class UsageTokenNew(DataView):
    """Makes a token for a source. Its secret is on the answer to the creation, and nowhere else."""

    def get(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        return self.show_form(UsageTokenForm())

    def post(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        form = UsageTokenForm(request.POST)
        if not form.is_valid():
            return self.show_form(form, status=422)
        __, secret = create_usage_token(source=self.source, name=form.cleaned_data["name"], by=request.user)
        programs = samples(request.build_absolute_uri(reverse("api_usage_batches")), secret, self.today.isoformat())
        context = {"source": self.source, "secret": secret} | programs
        response = self.show("engagements/usage/token_created.html", context)
        response["Cache-Control"] = "no-store"
        return response

    def show_form(self, form: UsageTokenForm, status: int = 200) -> HttpResponse:
        return self.show("engagements/usage/token_form.html", {"form": form, "source": self.source}, status=status)


class UsageTokenRevoke(DataView):
    def post(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        tokens = UsageToken.objects.visible_to(request.user).filter(source__deliverable__engagement=self.engagement)
        token = get_object_or_404(tokens, pk=pk)
        revoke_usage_token(token, by=request.user, now=timezone.now())
        messages.success(request, _("The token “%(name)s” no longer works.") % {"name": token.name})
        return redirect("usage_source", slug, token.source_id)


class UsageUpload(DataView):
    """Takes in a CSV file. `?source=<id>` chooses the source beforehand."""

    def get(self, request: PortalRequest, slug: str) -> HttpResponse:
        return self.show_form(self.form(initial={"source": request.GET.get("source")}))

    def post(self, request: PortalRequest, slug: str) -> HttpResponse:
        form = self.form(request.POST, request.FILES)
        if not form.is_valid():
            return self.show_form(form, status=422)
        # The content is its own key: the same file twice counts once.
        key = content_hash_of(form.rows)
        receipt = receive_usage_batch(
            source=form.cleaned_data["source"], rows=form.rows, key=key, content_hash=key, by=request.user, now=timezone.now()
        )
        messages.add_message(request, messages.INFO if receipt.replayed else messages.SUCCESS, told(receipt))
        return redirect("engagement_data" if receipt.replayed else "engagement_adoption", slug)

    def form(self, *args: Any, **kwargs: Any) -> UsageUploadForm:
        sources = sources_of(self.engagement, self.request.user).current()
        return UsageUploadForm(*args, sources=sources, engagement=self.engagement, today=self.today, **kwargs)

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
    @cached_property
    def batch(self) -> UsageBatch:
        return get_object_or_404(batches_of(self.engagement, self.request.user), pk=self.kwargs["pk"])


class UsageBatchRollback(BatchView):
    """Asks first, then takes a batch out of all figures."""

    def get(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        return self.show("engagements/usage/rollback.html", {"batch": self.batch})

    def post(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        roll_back_batch(batch=self.batch, by=request.user)
        undo_url = reverse("usage_batch_restore", args=[slug, pk])
        success_with_undo(request, _("The batch is rolled back. The figures update in a few seconds."), undo_url)
        return redirect("engagement_data", slug)


class UsageBatchRestore(BatchView):
    """Takes a batch in again that was rolled back."""

    def post(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        take_back_in(batch=self.batch, by=request.user)
        messages.success(request, _("The batch counts again. The figures update in a few seconds."))
        return redirect("engagement_data", slug)
