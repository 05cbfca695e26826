"""What the palette offers to begin in the engagement whose page is open."""

from __future__ import annotations

from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext_lazy as _

from engagements.models import Engagement
from fde_portal.accounts.models import User
from fde_portal.accounts.permissions import Permission
from fde_portal.accounts.search import Hit

# What it is called, the name of its form's address, and what else the address needs.
BEGINNINGS = (
    (_("New ask"), "ask_new", ()),
    (_("New blocker"), "blocker_new", ()),
    (_("New risk"), "risk_new", ()),
    (_("New milestone"), "milestone_new", ()),
    (_("New deliverable"), "deliverable_new", ()),
    (_("New decision"), "log_entry_new", ("decision",)),
    (_("New assumption"), "log_entry_new", ("assumption",)),
    (_("New experiment"), "log_entry_new", ("experiment",)),
    (_("New scope request"), "log_entry_new", ("scope_request",)),
    (_("New opportunity"), "log_entry_new", ("opportunity",)),
    (_("New field signal"), "log_entry_new", ("field_signal",)),
    (_("New training"), "log_entry_new", ("training",)),
    (_("New data source"), "log_entry_new", ("integration",)),
    (_("New share link"), "share_new", ()),
)


def beginnings(user: User, path: str) -> list[Hit]:
    """The forms for something new in the engagement that `path` is about, if `user` sees it and may write."""
    engagement = engagement_at(user, path)
    if engagement is None or not user.can(Permission.WRITE_RECORDS):
        return []
    return [
        Hit(str(label), reverse(name, args=[engagement.slug, *more]), detail=engagement.name, icon="plus")
        for label, name, more in BEGINNINGS
    ]


def engagement_at(user: User, path: str) -> Engagement | None:
    if not path.startswith(("/engagements/", "/weekly-log/")):
        return None
    try:
        slug = resolve(path).kwargs.get("slug", "")
    except Resolver404:
        return None
    return Engagement.objects.visible_to(user).filter(slug=slug).first()
