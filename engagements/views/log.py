"""The log: the small records of one engagement, of all engagements, and what the product hears across customers."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from engagements.metrics.adoption import wilson
from engagements.models import FieldSignal, LogEntry
from engagements.selectors import log
from engagements.selectors.note import origin_of
from engagements.views.engagements import visible_engagement
from engagements.views.log_kinds import BY_KEY, LOG_KINDS, LogKind, kind_or_404
from engagements.views.pages import EngagementView
from fde_portal.accounts.access import PortalRequest, PortalView
from fde_portal.accounts.models import User
from fde_portal.accounts.pages import RecordArchive, RecordFormPage, RecordRestore
from fde_portal.accounts.permissions import Permission
from fde_portal.core import formats
from fde_portal.core.templatetags.ui_blocks import Tab

ENTRIES_PER_PAGE = 50
THEMES_PER_PAGE = 30


class EngagementLog(EngagementView):
    """The Log tab: all kinds in one list, or one kind with its form at hand."""

    tab = "engagement_log"

    def get(self, request: PortalRequest, slug: str) -> HttpResponse:
        tables = {
            kind.key: kind.model.objects.visible_to(request.user).filter(engagement=self.engagement) for kind in LOG_KINDS
        }
        context = log_context(tables, request.GET)
        return self.show("engagements/log/engagement.html", context | {"form": self.inline_form(context["kind"])})

    def inline_form(self, kind: LogKind | None) -> Any:
        if kind is None:
            return None
        entry = kind.model(engagement=self.engagement, noted_on=self.today)
        return kind.form(instance=entry, user=self.request.user, today=self.today)


class Log(PortalView):
    """The same list across all engagements the viewer sees."""

    permission = Permission.VIEW_RECORDS

    def get(self, request: PortalRequest) -> HttpResponse:
        tables = {
            kind.key: kind.model.objects.visible_to(request.user).filter(engagement__archived_at=None) for kind in LOG_KINDS
        }
        return render(request, "engagements/log/across.html", log_context(tables, request.GET))


def log_context(tables: log.Tables, asked: QueryDict) -> dict[str, Any]:
    """What the list template needs, cut down by what the address asks: kind, state, words, archived."""
    words, archived = asked.get("q", "").strip(), bool(asked.get("archived"))
    tables = {
        key: log.matching(rows.archived() if archived else rows.current(), words) for key, rows in tables.items()
    }
    kind, counts = BY_KEY.get(asked.get("kind", "")), log.counts(tables)
    shown = {kind.key: in_state(tables[kind.key], asked.get("state", ""))} if kind else tables
    return {
        "kind": kind,
        "kinds": LOG_KINDS,
        "tabs_of_kinds": kind_tabs(counts, kind, asked),
        "page": page_of(shown, asked.get("page")),
        "words": words,
        "state": asked.get("state", ""),
        "states": kind.model._meta.get_field(kind.model.STATE).choices if kind and kind.model.STATE else (),
        "archived": archived,
        "is_narrowed": bool(words or asked.get("state")),
    }


def in_state(rows: Any, state: str) -> Any:
    """Only the entries that stand so; a state the kind does not know finds nothing."""
    return rows.filter(**{rows.model.STATE: state}) if state and rows.model.STATE else rows


def page_of(tables: log.Tables, wanted: str | None) -> Page:
    """One page of the list, its lines loaded as (kind, entry)."""
    page = Paginator(log.newest_first(tables), ENTRIES_PER_PAGE).get_page(wanted)
    page.object_list = [(BY_KEY[key], entry) for key, entry in log.load(list(page.object_list), tables)]
    return page


def kind_tabs(counts: dict[str, int], chosen: LogKind | None, asked: QueryDict) -> list[Tab]:
    """One view a kind with its count. Words stay when the kind changes, a state does not."""

    def address(key: str) -> str:
        query = QueryDict(mutable=True)
        query.update({name: value for name in ("q", "archived") if (value := asked.get(name))} | ({"kind": key} if key else {}))
        return "?" + query.urlencode()

    everything = Tab(_("Everything"), address(""), chosen is None, sum(counts.values()))
    return [everything] + [Tab(kind.title, address(kind.key), kind is chosen, counts[kind.key]) for kind in LOG_KINDS]


# One entry


def visible_entry(view: PortalView) -> LogEntry:
    """The entry the address names, if it is of that kind and engagement and the viewer sees it."""
    entries = kind_or_404(view.kwargs["kind"]).model.objects.visible_to(view.request.user)
    rows = entries.select_related("engagement__customer")
    return get_object_or_404(rows, pk=view.kwargs["pk"], engagement__slug=view.kwargs["slug"])


class EntryPlace:
    """Where the pages of an entry lead back to: the list of its kind."""

    @property
    def kind(self) -> LogKind:
        return kind_or_404(self.kwargs["kind"])

    def done_url(self, record: LogEntry) -> str:
        return f"{reverse('engagement_log', args=[record.engagement.slug])}?kind={self.kwargs['kind']}"


class EntryFormPage(EntryPlace, RecordFormPage):
    template_name = "engagements/log/form.html"

    @property
    def form_class(self) -> Any:
        return self.kind.form

    def form_options(self) -> dict[str, Any]:
        user = self.request.user
        return {"user": user, "today": timezone.localdate(timezone=visible_engagement(self).zone)}

    def save(self, form: Any) -> LogEntry:
        entry = super().save(form)
        warn_of_a_name(self.request, entry)
        return entry


class LogEntryNew(EntryFormPage):
    def get_record(self) -> LogEntry:
        engagement = visible_engagement(self)
        return self.kind.model(engagement=engagement, noted_on=timezone.localdate(timezone=engagement.zone))

    def title(self, record: LogEntry) -> str:
        return str(self.kind.new)


class LogEntryEdit(EntryFormPage):
    def get_record(self) -> LogEntry:
        return visible_entry(self)

    def title(self, record: LogEntry) -> str:
        return str(self.kind.name)

    def extra_context(self, record: LogEntry) -> dict[str, Any]:
        return {"entry": record, "kind": self.kind, "origin": origin_of(record, self.request.user)}


class LogEntryArchive(EntryPlace, RecordArchive):
    def get_record(self) -> LogEntry:
        return visible_entry(self)

    def restore_url(self, record: LogEntry) -> str:
        return reverse("log_entry_restore", args=[record.engagement.slug, self.kwargs["kind"], record.pk])


class LogEntryRestore(EntryPlace, RecordRestore):
    def get_record(self) -> LogEntry:
        return visible_entry(self)


def warn_of_a_name(request: PortalRequest, entry: Any) -> None:
    """Say so when a field signal gives its customer away; until it is changed, others do not get to read it."""
    if isinstance(entry, FieldSignal) and entry.names_its_customer:
        text = _("This signal names %(customer)s. Only the team reads it until you take the name out.")
        messages.warning(request, text % {"customer": entry.engagement.customer})


# Across customers


class FieldSignals(PortalView):
    """What the field says by theme, over all customers: names only where the viewer knows the engagement."""

    permission = Permission.VIEW_RECORDS

    def get(self, request: PortalRequest) -> HttpResponse:
        page = Paginator(log.signal_themes(), THEMES_PER_PAGE).get_page(request.GET.get("page"))
        page.object_list = with_claims(list(page.object_list), request.user)
        share = log.productization(timezone.localdate())
        context = {"page": page, "share": share, "interval": wilson(*share), "undated": log.undated_signals()}
        return render(request, "engagements/log/signals.html", context)


def with_claims(themes: list[dict[str, Any]], user: User) -> list[dict[str, Any]]:
    """Themes with the claims `user` may read and the customers they may know; themes without any are left out."""
    claims: dict[str, list[tuple[FieldSignal, bool]]] = defaultdict(list)
    for signal, is_known in log.claims_of([theme["key"] for theme in themes], user):
        claims[signal.key].append((signal, is_known))
    return [theme | shown_theme(theme, claims[theme["key"]]) for theme in themes if theme["key"] in claims]


def shown_theme(theme: dict[str, Any], claims: list[tuple[FieldSignal, bool]]) -> dict[str, Any]:
    known = {signal.engagement.customer for signal, is_known in claims if is_known}
    return {
        "title": claims[0][0].theme,
        "claims": claims,
        "known": sorted(known, key=str),
        "hidden": theme["customers"] - len(known),
        "states": formats.listed(f"{theme[state]} {state.label}" for state in FieldSignal.Disposition if theme[state]),
    }
