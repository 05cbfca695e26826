"""Where usage comes from: sources, their tokens, and the days that are closed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from engagements.forms.usages import ClosedPeriodForm, UsageSourceForm, UsageTestForm, UsageTokenForm
from engagements.intake.files import read_rows
from engagements.intake.rows import RowsRejected, UsageLine
from engagements.models import ClosedPeriod, Deliverable, UsageSource, UsageToken
from engagements.selectors.usage import batches_of, row_reader, source_lines, sources_of, targets_of
from engagements.services.sources import (
    archive_source,
    close_period,
    create_usage_token,
    open_period,
    restore_source,
    revoke_usage_token,
    rotate_usage_token,
    save_source,
)
from engagements.views.data_sources import data_sources_content
from engagements.views.engagements import visible_engagement
from engagements.views.pages import EngagementView
from engagements.views.usage_samples import sample_rows, samples
from fde_portal.accounts.access import PortalRequest, PortalView
from fde_portal.accounts.pages import RecordArchive, RecordFormPage, RecordRestore
from fde_portal.accounts.permissions import Permission

LATEST_BATCHES = 10
BATCHES_PER_PAGE = 50
TARGETS_PER_PAGE = 25


class DataView(EngagementView):
    """A page about an engagement's data; it belongs to the Adoption tab."""

    tab = "engagement_adoption"
    write_permission = Permission.IMPORT_USAGE

    @property
    def api_url(self) -> str:
        return self.request.build_absolute_uri(reverse("api_usage_batches"))

    @cached_property
    def source(self) -> UsageSource:
        return get_object_or_404(sources_of(self.engagement, self.request.user), pk=self.kwargs["pk"])


class EngagementData(DataView):
    """Data and target users: what arrives, and who is meant to use it."""

    def get(self, request: PortalRequest, slug: str) -> HttpResponse:
        sources = sources_of(self.engagement, request.user)
        targets = targets_of(self.engagement, request.user)
        context = {
            "sources": source_lines(sources.current(), today=self.today, now=timezone.now()),
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
        rows = sample_rows(self.today.isoformat(), self.source.kind)
        return self.show_source(UsageTestForm(initial={"rows": rows}))

    def show_source(self, test_form: UsageTestForm, status: int = 200, **more: Any) -> HttpResponse:
        request = self.request
        batches = batches_of(self.engagement, request.user).filter(source=self.source)
        context = {
            "line": source_lines([self.source], today=self.today, now=timezone.now())[0],
            "tokens": UsageToken.objects.filter(source=self.source, revoked_at=None),
            "batches": Paginator(batches, BATCHES_PER_PAGE).get_page(request.GET.get("page")),
            "closed": ClosedPeriod.objects.filter(source=self.source).first(),
            "may_close": request.user.can(Permission.REVIEW_PORTFOLIO),
            "close_form": ClosedPeriodForm(today=self.today),
            "api_url": self.api_url,
            "check": samples(self.api_url, "fdeu_…", self.today.isoformat(), self.source.kind)["check"],
            "test_form": test_form,
            **more,
        }
        return self.show("engagements/usage/source.html", context, status=status)


class UsageSourceTest(UsageSourcePage):
    """Reads some rows as a delivery of the source would be read, and stores nothing."""

    def post(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        form = UsageTestForm(request.POST)
        if not form.is_valid():
            return self.show_source(form, status=422)
        try:
            lines = self.read(form.cleaned_data["rows"])
        except RowsRejected as fault:
            form.refuse(fault.errors)
            return self.show_source(form, status=422)
        days = [line.day for line in lines]
        return self.show_source(form, tested={"count": len(lines), "first": min(days), "last": max(days)})

    def read(self, text: str) -> list[UsageLine]:
        return read_rows([text.encode()], "csv", row_reader(self.source, timezone.now()))


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
        return show_secret(self, self.source, secret)

    def show_form(self, form: UsageTokenForm, status: int = 200) -> HttpResponse:
        return self.show("engagements/usage/token_form.html", {"form": form, "source": self.source}, status=status)


def show_secret(view: DataView, source: UsageSource, secret: str) -> HttpResponse:
    """The one page with the secret of a token, and programs that use it."""
    context = {"source": source, "secret": secret} | samples(view.api_url, secret, view.today.isoformat(), source.kind)
    response = view.show("engagements/usage/token_created.html", context)
    response["Cache-Control"] = "no-store"
    return response


def visible_tokens(view: DataView) -> QuerySet[UsageToken]:
    tokens = UsageToken.objects.visible_to(view.request.user).filter(source__deliverable__engagement=view.engagement)
    return tokens.select_related("source__deliverable__engagement")


class UsageTokenRevoke(DataView):
    def post(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        token = get_object_or_404(visible_tokens(self), pk=pk)
        revoke_usage_token(token, by=request.user, now=timezone.now())
        messages.success(request, _("The token “%(name)s” no longer works.") % {"name": token.name})
        return redirect("usage_source", slug, token.source_id)


class UsageTokenRotate(DataView):
    """Makes a new token in the place of one that still works for a week, so that programs can change over."""

    def post(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        token = get_object_or_404(visible_tokens(self), pk=pk)
        fresh, secret = rotate_usage_token(token, by=request.user, now=timezone.now())
        return show_secret(self, fresh.source, secret)


class UsagePeriodClose(DataView):
    """Closes the data of a source up to a day: nothing on these days is taken in or back any more."""

    write_permission = Permission.REVIEW_PORTFOLIO

    def post(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        form = ClosedPeriodForm(request.POST, today=self.today)
        if form.is_valid():
            close_period(self.source, until=form.cleaned_data["until"], by=request.user, now=timezone.now())
            messages.success(request, _("The data are closed. Batches with earlier days are refused."))
        else:
            messages.error(request, " ".join(error for errors in form.errors.values() for error in errors))
        return redirect("usage_source", slug, pk)


class UsagePeriodOpen(DataView):
    write_permission = Permission.REVIEW_PORTFOLIO

    def post(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        open_period(self.source, by=request.user)
        messages.success(request, _("The data are open again."))
        return redirect("usage_source", slug, pk)
