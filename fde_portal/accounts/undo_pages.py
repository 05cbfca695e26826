"""What pages with a form share so that a save can be taken back for ten minutes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from fde_portal.accounts.access import PortalRequest
from fde_portal.accounts.forms.earlier import held_by, sent_again
from fde_portal.accounts.models import EarlierValues
from fde_portal.accounts.services.undo import NotTakenBack, columns_of, keep_earlier, save_earlier
from fde_portal.core.messages import success_with_undo, ways_back
from fde_portal.core.models import Versioned

UNDO = "undo"


@dataclass(frozen=True, slots=True)
class Before:
    """How a record stood before a save: by its form, and by its columns."""

    held: dict[str, Any]
    columns: dict[str, Any]


def before_save(form: Any) -> Before | None:
    """What the save of a valid form will replace; None where nothing could be taken back."""
    if form.instance.pk is None or not form.changed_data or not form.can_be_taken_back():
        return None
    return Before(held_by(form), columns_of(form.instance))


def say_saved(request: PortalRequest, text: str, *, record: Versioned, form: Any, before: Before | None) -> None:
    """Say that a form was saved, and offer the way back to how it was `before`."""
    if before is None:
        messages.success(request, text)
        return
    own = {record._meta.get_field(name).attname for name in form._meta.fields if name in form.fields}
    earlier = keep_earlier(
        person=request.user,
        path=request.path,
        record=record,
        held=before.held,
        before=before.columns,
        own=own,
        now=timezone.now(),
    )
    success_with_undo(request, text, f"{request.path}?{UNDO}={earlier.pk}")


def earlier_asked(request: PortalRequest) -> EarlierValues:
    """The save `?undo=` names: of this page, and one's own. Anything else is a 404."""
    number = request.GET[UNDO]
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        raise Http404
    return get_object_or_404(EarlierValues, person=request.user, path=request.path, pk=number)


def take_back(
    request: PortalRequest, *, made: Callable[[Any], Any], save: Callable[[Any], Versioned], done_url: Callable[[Any], str]
) -> HttpResponse:
    """Save the values from before `?undo=` through the page's own form and act. `made` binds that form to data."""
    earlier = earlier_asked(request)
    form = made(sent_again(earlier.held, made(None), version=earlier.version))
    form.takes_back = True
    try:
        record = save_earlier(earlier, form, save, now=timezone.now())
    except NotTakenBack as why:
        return not_taken_back(request, str(why), request.path)
    messages.success(request, _("Taken back: %(record)s") % {"record": record})
    return HttpResponseRedirect(done_url(record))


def not_taken_back(request: PortalRequest, why: str, url: str = "") -> HttpResponse:
    """Say why nothing was taken back, beside what still can be. `url` leads to where it can be done by hand."""
    now = timezone.now()
    context = {"ways_back": ways_back(request, now=now), "now": now, "refusal": why, "refused_url": url}
    return render(request, "accounts/just_done.html", context, status=409)
