"""The audit trail in words. Each app registers the sentences for the acts of its services."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from django.apps import apps
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fde_portal.accounts.models import AuditEvent
from fde_portal.core import formats

# Whole sentences with the kind of record and its name, so that each language finds its own order of words.
_sentences: dict[str, str] = {
    "create": gettext_lazy("Created %(kind)s “%(name)s”"),
    "edit": gettext_lazy("Edited %(kind)s “%(name)s”"),
    "archive": gettext_lazy("Archived %(kind)s “%(name)s”"),
    "restore": gettext_lazy("Restored %(kind)s “%(name)s”"),
    "delete": gettext_lazy("Deleted %(kind)s “%(name)s”"),
    "revoke": gettext_lazy("Revoked %(kind)s “%(name)s”"),
    "open": gettext_lazy("Opened %(kind)s “%(name)s”"),
    "close": gettext_lazy("Closed %(kind)s “%(name)s”"),
    "reopen": gettext_lazy("Reopened %(kind)s “%(name)s”"),
    "publish": gettext_lazy("Published %(kind)s “%(name)s”"),
    "mute": gettext_lazy("Muted notices of %(kind)s “%(name)s”"),
    "unmute": gettext_lazy("Tells again of muted notices: %(kind)s “%(name)s”"),
    # Of the time when reminders alone could be muted: the trail keeps what was done then.
    "remind": gettext_lazy("Switched on the reminders of %(kind)s “%(name)s”"),
    "retry": gettext_lazy("Tried again: %(kind)s “%(name)s”"),
    "accept": gettext_lazy("Accepted %(kind)s “%(name)s”"),
    "hand_over": gettext_lazy("Handed over %(kind)s “%(name)s”"),
    "invite": gettext_lazy("Sent %(kind)s “%(name)s”"),
    "resend": gettext_lazy("Sent again: %(kind)s “%(name)s”"),
    "put_back_invitation": gettext_lazy("Let work again: %(kind)s “%(name)s”"),
    "assign_role": gettext_lazy("Changed the role of %(kind)s “%(name)s”"),
    "switch_off": gettext_lazy("Switched off %(kind)s “%(name)s”"),
    "switch_on": gettext_lazy("Switched on %(kind)s “%(name)s”"),
    "sign_in": gettext_lazy("Signed in"),
    "export_list": gettext_lazy("Exported a list"),
    "export_figures": gettext_lazy("Exported figures of %(kind)s “%(name)s”"),
    "refuse_sign_in": gettext_lazy("Refused a sign-in: %(kind)s “%(name)s”"),
    "request_address": gettext_lazy("Asked for a new e-mail address of %(kind)s “%(name)s”"),
    "change_address": gettext_lazy("Changed the e-mail address of %(kind)s “%(name)s”"),
    "add_second_step": gettext_lazy("Added a second step at the sign-in of %(kind)s “%(name)s”"),
    "remove_second_step": gettext_lazy("Removed a second step at the sign-in of %(kind)s “%(name)s”"),
}


def register_acts(sentences: Mapping[str, str]) -> None:
    """Add sentences by verb; they may use %(kind)s and %(name)s."""
    _sentences.update(sentences)


def registered_verbs() -> list[str]:
    return list(_sentences)


def sentence_of(event: AuditEvent) -> str:
    """What was done, in the reader's language, without who did it."""
    return str(_sentences.get(event.verb, gettext_lazy("%(verb)s: %(kind)s “%(name)s”"))) % {
        "verb": event.verb.replace("_", " "),
        "kind": kind_name(event.subject_type),
        "name": event.subject_label,
    }


def verb_label(verb: str) -> str:
    """The act as a choice of a filter: its sentence without a record."""
    sentence = str(_sentences.get(verb, verb.replace("_", " ")))
    for part in ("“%(name)s”", "%(kind)s"):
        sentence = sentence.replace(part, "")
    return " ".join(sentence.split()).strip(" :：")


def details_of(event: AuditEvent) -> str:
    """What the sentence leaves out, in the reader's language: fields that were edited, who handed what to whom, how somebody
    signed in, which file was taken; "" for other acts."""
    told = _details.get(event.verb, _edited_fields)
    return told(event)


def _edited_fields(event: AuditEvent) -> str:
    model = _models().get(event.subject_type)
    fields = event.details.get("fields") or []
    if not model or not fields:
        return ""
    return _("Changed: %(fields)s") % {"fields": formats.listed(_field_name(model, field) for field in fields)}


def _handed_over(event: AuditEvent) -> str:
    """Of acts from before names were kept nothing is told."""
    names = event.details.get("names")
    if not names:
        return ""
    words = {"role": str(ROLES.get(event.details["role"], event.details["role"])), "old": names[0], "new": names[1]}
    return _("%(role)s: %(old)s, now %(new)s") % words


def _signed_in(event: AuditEvent) -> str:
    return str(WAYS_IN.get(event.details.get("through", ""), ""))


# As what something is handed over.
ROLES = {
    "lead": gettext_lazy("Lead"), "backup": gettext_lazy("Backup"), "manager": gettext_lazy("Manager"), "seat": gettext_lazy("Seat on the team"),
    "cover": gettext_lazy("Writes the week"), "owner": gettext_lazy("Owner"), "account_owner": gettext_lazy("Account owner"),
}  # fmt: skip
# Methods as the sign-in itself names them.
WAYS_IN = {
    "password": gettext_lazy("With a password"), "code": gettext_lazy("With a mailed code"), "mfa": gettext_lazy("With a passkey"),
    "oidc": gettext_lazy("With single sign-on"),
}  # fmt: skip
_details: dict[str, Callable[[AuditEvent], str]] = {
    "hand_over": _handed_over,
    "sign_in": _signed_in,
    "export_list": lambda event: event.details["file"],
    "export_figures": lambda event: event.details["file"],
}


def _field_name(model: type[models.Model], name: str) -> str:
    known = {field.name: field for field in model._meta.get_fields()}
    return str(getattr(known.get(name), "verbose_name", name.replace("_", " ")))


def kind_name(subject_type: str) -> str:
    """The kind of record as people call it; kinds that no longer exist keep their technical name."""
    model = _models().get(subject_type)
    return str(model._meta.verbose_name) if model else subject_type


@cache
def _models() -> dict[str, type[models.Model]]:
    return {model._meta.model_name: model for model in apps.get_models()}
