"""Taking a save back: the values from before go through the same form and the same act again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils.translation import gettext as _

from fde_portal.accounts.models import EarlierValues, User
from fde_portal.accounts.records import Conflict
from fde_portal.core.messages import UNDO_FOR
from fde_portal.core.models import Versioned

# Kept a little longer than they serve, so that a late click hears why nothing happens.
KEPT_FOR = timedelta(hours=1)
# What every save changes by itself.
BOOKKEEPING = frozenset({"id", "version", "created_at", "updated_at"})


class NotTakenBack(Exception):
    """Why a save stands, in the reader's language. Nothing was written."""


def columns_of(record: Versioned) -> dict[str, Any]:
    """The record's columns as the database has them now, in JSON's own types."""
    row = type(record)._base_manager.get(pk=record.pk)
    fields = [field for field in row._meta.concrete_fields if field.attname not in BOOKKEEPING and not field.generated]
    return {field.attname: _plain(field.value_from_object(row)) for field in fields}


def _plain(value: Any) -> Any:
    try:
        return DjangoJSONEncoder().default(value)
    except TypeError:
        return value


@transaction.atomic
def keep_earlier(
    *,
    person: User,
    path: str,
    record: Versioned,
    held: dict[str, Any],
    before: dict[str, Any],
    own: set[str],
    now: datetime,
) -> EarlierValues:
    """Keep what a save replaced: `held` by its form, and the columns that changed `before` to now beside it.

    `record` is as the save left it: its version is the save's own, also when somebody else saved since.
    `own` names the columns the form itself writes. What is older than an hour goes.
    """
    forget_earlier(now=now)
    after = columns_of(record)
    beside = {name: [was, after[name]] for name, was in before.items() if name not in own and was != after[name]}
    return EarlierValues.objects.create(person=person, path=path, version=record.version, held=held, columns=beside, at=now)


def forget_earlier(*, now: datetime) -> None:
    """Delete what was kept more than an hour before `now`. Twice changes nothing."""
    EarlierValues.objects.filter(at__lt=now - KEPT_FOR).delete()


def save_earlier(earlier: EarlierValues, form: Any, save: Callable[[Any], Versioned], *, now: datetime) -> Versioned:
    """Save `form`, bound to the earlier values, by the act `save` that any save of it takes.

    Raises NotTakenBack after ten minutes, when somebody changed the record since, or when the earlier
    values are no longer possible.
    """
    if now - earlier.at > UNDO_FOR:
        raise NotTakenBack(_("Nothing was taken back: ten minutes are over. You can change it by hand."))
    if not form.is_valid():
        raise NotTakenBack(
            _("Nothing was taken back: the earlier values are no longer possible. You can change it by hand.")
        )
    try:
        with transaction.atomic():
            record = save(form)
            _put_back(record, earlier.columns)
            _let_the_one_before_follow(earlier)
    except Conflict:
        raise NotTakenBack(_("Nothing was taken back: it was changed since. You can change it by hand.")) from None
    return record


def _let_the_one_before_follow(earlier: EarlierValues) -> None:
    """The record stands as the save just before left it: where that was one's own, it can be taken back next.

    Taking back counted the version up once more instead of down, so it is two ahead of what older saves know;
    one with somebody else's save after it stays behind by as much as before, and refused.
    """
    older = EarlierValues.objects.filter(person=earlier.person_id, path=earlier.path, pk__lt=earlier.pk)
    older.update(version=models.F("version") + 2)


def _put_back(record: Versioned, columns: dict[str, list[Any]]) -> None:
    """Columns beside the form return too, such as the day of a check; one that moved on since stays."""
    now = columns_of(record) if columns else {}
    fields = {field.attname: field for field in record._meta.concrete_fields}
    rest = {name: fields[name].to_python(was) for name, (was, left) in columns.items() if now[name] == left}
    if rest:
        type(record)._base_manager.filter(pk=record.pk).update(**rest)
        for name, value in rest.items():
            setattr(record, name, value)
