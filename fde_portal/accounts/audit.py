"""Writing the audit trail. Services call `record` inside their transaction."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone

from fde_portal.accounts.models import AuditEvent, User
from fde_portal.core.search.index import refresh


def record(
    verb: str,
    subject: models.Model,
    *,
    by: User | None,
    label: str = "",
    customer_id: int | None = None,
    engagement_id: int | None = None,
    **details: Any,
) -> AuditEvent:
    """Append one event: `by` did `verb` (imperative domain word, e.g. "publish") to `subject`.

    `by` is None for acts of the product itself; `label` names another kind of actor, such as a
    usage token. Customer and engagement are taken from the subject where it has them.
    What was changed can be found by its new words at once: every act passes here.
    """
    refresh(subject)
    return AuditEvent.objects.create(
        at=timezone.now(),
        actor=by,
        actor_label=label or (str(by) if by else "FDE Portal"),
        verb=verb,
        subject_type=subject._meta.model_name,
        subject_id=subject.pk,
        subject_label=str(subject)[:200],
        customer_id=customer_id or _id_of(subject, "customer"),
        engagement_id=engagement_id or _id_of(subject, "engagement"),
        details=details,
    )


def _id_of(subject: models.Model, kind: str) -> int | None:
    if subject._meta.model_name == kind:
        return subject.pk
    return getattr(subject, f"{kind}_id", None)
