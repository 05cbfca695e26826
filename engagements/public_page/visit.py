"""What a reader's browser remembers of having proved, for one share: a signed cookie on the path of the page."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import salted_hmac

from engagements.models.share import Share

COOKIE = "visit"
REMEMBERED_FOR = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Visit:
    """`address` was proved by a mailed code; `passcode` is the mark of the passcode that was typed. "" where not."""

    address: str = ""
    passcode: str = ""


def visit_of(request: HttpRequest, share: Share) -> Visit:
    """What this browser proved for `share`; nothing of it counts once the share no longer asks for the same."""
    if COOKIE not in request.COOKIES:
        return Visit()
    try:
        visit = Visit(**signing.loads(request.COOKIES[COOKIE], salt=salt_of(share), max_age=REMEMBERED_FOR))
    except (signing.BadSignature, TypeError):
        return Visit()
    return visit if share.admits(visit.address) else Visit(passcode=visit.passcode)


def confirmed_address(request: HttpRequest, share: Share) -> str:
    """The address this browser proved for `share` (lower case), or ""."""
    return visit_of(request, share).address


def remember(response: HttpResponse, *, token: str, share: Share, visit: Visit) -> HttpResponse:
    """Have the browser show `visit` again on the pages below the link, and nowhere else."""
    response.set_cookie(
        COOKIE,
        signing.dumps(asdict(visit), salt=salt_of(share)),
        max_age=REMEMBERED_FOR,
        path=reverse("shared_page", args=[token]),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        # Not "strict": the page is opened from a mail.
        samesite="Lax",
    )
    return response


def salt_of(share: Share) -> str:
    return f"engagements.visit.{share.pk}.{share.token_digest}"


def passcode_mark(share: Share) -> str:
    """Says which passcode was typed without telling it: another passcode has another mark."""
    return salted_hmac("engagements.visit.passcode", share.passcode, algorithm="sha256").hexdigest()[:32]


def is_through(visit: Visit, share: Share) -> bool:
    """Whether a reader who proved `visit` may read the page."""
    has_address = bool(visit.address) or not share.asks_for_address
    return has_address and (not share.passcode or visit.passcode == passcode_mark(share))
