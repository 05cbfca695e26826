"""Texts of forms that are not saved yet, by person and form: kept, given back, forgotten. None is an act worth a trail."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from fde_portal.accounts.models import KeptText, User

KEPT_FOR = timedelta(days=90)


def keep_text(*, person: User, key: str, content: dict[str, Any], now: datetime) -> None:
    """Keep what stands in a form; what was kept of it before is replaced."""
    KeptText.objects.update_or_create(person=person, key=key, defaults={"content": content, "kept_at": now})


def forget_text(*, person: User, key: str) -> None:
    """Forget the text of a form, because it was saved or discarded. Without one nothing changes."""
    KeptText.objects.filter(person=person, key=key).delete()


def forget_old_texts(*, now: datetime) -> None:
    """Delete what nobody came back to for three months. Twice changes nothing."""
    KeptText.objects.filter(kept_at__lt=now - KEPT_FOR).delete()
