"""What the pages with notes read."""

from __future__ import annotations

import html
import re

import nh3
from django.db import models
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

from customers.models import Customer, ScopedRecordQuerySet
from engagements.models import Engagement, NoteRevision, StakeholderNote
from fde_portal.accounts.models import User

# What is typed as HTML stays text; the second wall takes out what Markdown itself could let through.
_markdown = MarkdownIt("commonmark", {"html": False})
_TAGS = {"p", "br", "hr", "h3", "h4", "h5", "h6", "ul", "ol", "li", "strong", "em", "code", "pre", "blockquote", "a"}
# After a full stop and a space, after a Chinese one, and at the end of a line.
_SENTENCE_ENDS = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])|\n+")
_ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}


def rendered(text: str) -> SafeString:
    """Markdown as HTML that is safe to show: no images, scripts or styles; links to http, https and mailto."""
    cleaned = nh3.clean(
        _markdown.render(text), tags=_TAGS, attributes=_ATTRIBUTES, url_schemes={"http", "https", "mailto"}
    )
    return mark_safe(cleaned)  # noqa: S308  (cleaned in the line above)


def sentences_of(text: str) -> list[str]:
    """The sentences of a note without its Markdown, for making something of one of them."""
    plain = html.unescape(nh3.clean(_markdown.render(text), tags=set()))
    return [sentence for part in _SENTENCE_ENDS.split(plain) if (sentence := " ".join(part.split()))]


def notes_of_customer(customer: Customer, user: User) -> ScopedRecordQuerySet:
    """All notes about the customer that `user` may see: general ones, and those of their engagements."""
    return _listed(StakeholderNote.objects.visible_to(user).filter(customer=customer))


def notes_of_engagement(engagement: Engagement, user: User) -> ScopedRecordQuerySet:
    return _listed(StakeholderNote.objects.visible_to(user).filter(engagement=engagement))


def _listed(notes: ScopedRecordQuerySet) -> ScopedRecordQuerySet:
    return (
        notes.select_related("author", "engagement", "customer")
        .prefetch_related("stakeholders")
        .annotate(edited=models.Exists(NoteRevision.objects.filter(note=models.OuterRef("pk"))))
    )


def search_notes(notes: models.QuerySet, words: str) -> models.QuerySet:
    """Those that contain `words` in their text or in the name of a person they are about."""
    if not words:
        return notes
    about = StakeholderNote.stakeholders.through.objects.filter(stakeholder__name__icontains=words)
    return notes.filter(models.Q(text__icontains=words) | models.Q(pk__in=about.values("stakeholdernote")))


def first_line(note: StakeholderNote) -> str:
    """How a note begins, without its Markdown; "" for one without words."""
    text = note.text.strip()
    return " ".join(sentences_of(text.splitlines()[0]))[:160] if text else ""


def origin_of(record: models.Model, user: User) -> StakeholderNote | None:
    """The note a record was made from, if there is one and `user` may read it."""
    if record.origin_note_id is None:
        return None
    return StakeholderNote.objects.visible_to(user).filter(pk=record.origin_note_id).first()


def engagements_of(customer: Customer, user: User) -> models.QuerySet:
    """The engagements with this customer that `user` sees, the live ones first."""
    engagements = Engagement.objects.visible_to(user).filter(customer=customer).current()
    return engagements.select_related("lead").order_by("status", "name")
