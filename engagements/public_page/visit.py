"""What a reader's browser remembers of having proved, for one share: a signed cookie on the path of the page."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import salted_hmac

from engagements.models.share import Share

COOKIE = "visit"
REMEMBERED_FOR = timedelta(days=90)
# Answers of this browser that wait for a code: one code lets all of them count that its reader sees listed.
WAITING, WAITS_FOR, MOST_WAITING = "waiting", timedelta(hours=1), 20
# As long as a code lives.
TYPED, TYPED_FOR = "typed", timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Visit:
    """`address` was proved by a mailed code; `passcode` is the mark of the passcode that was typed. "" where not."""

    address: str = ""
    passcode: str = ""


def visit_of(request: HttpRequest, share: Share) -> Visit:
    """What this browser proved for `share`; nothing of it counts once the share no longer asks for the same."""
    try:
        visit = Visit(**(signed_in(request, COOKIE, share, lives=REMEMBERED_FOR) or {}))
    except TypeError:
        return Visit()
    return visit if share.admits(visit.address) else Visit(passcode=visit.passcode)


def remember(response: HttpResponse, *, token: str, share: Share, visit: Visit) -> HttpResponse:
    """Have the browser show `visit` again on the pages below the link, and nowhere else."""
    return set_signed(response, COOKIE, asdict(visit), token=token, share=share, lives=REMEMBERED_FOR)


def waiting_keys(request: HttpRequest, share: Share) -> list[str]:
    """Keys of the answers that this browser gave through `share` since it was opened, and that waited for a code then."""
    return signed_in(request, WAITING, share, lives=WAITS_FOR) or []


def remember_waiting(response: HttpResponse, *, token: str, share: Share, keys: list[str]) -> HttpResponse:
    """Have the browser show `keys` again until it is closed, an hour at most."""
    return set_signed(response, WAITING, keys[-MOST_WAITING:], token=token, share=share)


def typed_before(request: HttpRequest, share: Share) -> dict[str, str]:
    """What was typed wrongly a moment ago: the page that says so was reached by a redirect, so that going back is harmless."""
    return signed_in(request, TYPED, share, lives=TYPED_FOR) or {}


def keep_typed(response: HttpResponse, *, token: str, share: Share, typed: dict[str, str]) -> HttpResponse:
    """Have the browser show `typed` once more; an empty one is forgotten."""
    return set_signed(response, TYPED, typed, token=token, share=share, lives=TYPED_FOR if typed else timedelta(0))


def signed_in(request: HttpRequest, name: str, share: Share, *, lives: timedelta) -> Any:
    """What this browser keeps for `share` by that name; None without, forged, too old or of another link."""
    if name not in request.COOKIES:
        return None
    try:
        return signing.loads(request.COOKIES[name], salt=salt_of(share, name), max_age=lives)
    except signing.BadSignature:
        return None


def set_signed(
    response: HttpResponse, name: str, value: Any, *, token: str, share: Share, lives: timedelta | None = None
) -> HttpResponse:
    """Keep `value` on the path of the page, for `lives`; without it until the browser is closed."""
    response.set_cookie(
        name,
        signing.dumps(value, salt=salt_of(share, name)),
        max_age=lives,
        path=reverse("shared_page", args=[token]),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        # Not "strict": the page is opened from a mail.
        samesite="Lax",
    )
    return response


def salt_of(share: Share, name: str = COOKIE) -> str:
    return f"engagements.{name}.{share.pk}.{share.token_digest}"


def passcode_mark(share: Share) -> str:
    """Says which passcode was typed without telling it: another passcode has another mark."""
    return salted_hmac("engagements.visit.passcode", share.passcode, algorithm="sha256").hexdigest()[:32]


def is_through(visit: Visit, share: Share) -> bool:
    """Whether a reader who proved `visit` may read the page."""
    has_address = bool(visit.address) or not share.asks_for_address
    return has_address and (not share.passcode or visit.passcode == passcode_mark(share))
