"""Proving an address by a mailed code, so that a page opens for its recipients and an answer is somebody's."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.crypto import constant_time_compare, salted_hmac

from engagements.models.share import Share
from engagements.models.visitor import AddressProof
from fde_portal.accounts.mails import send_text
from fde_portal.accounts.models import OrganizationSettings
from fde_portal.core.tries import Limit

CODE_DIGITS = 8
CODE_LIVES = timedelta(minutes=15)
TRIES_PER_CODE = 5
# Together with the tries per code: 25 guesses an hour among a hundred million codes.
CODES_PER_ADDRESS = Limit(name="codes of an address", most=5, window=timedelta(hours=1))
CODES_PER_SHARE = Limit(name="codes of a share", most=40, window=timedelta(hours=1))


class TooManyCodes(Exception):
    """No further code is sent within this hour. Nothing was written."""


def send_code(*, share: Share, address: str, language: str, now: datetime) -> None:
    """Mail a new code to `address`; an earlier one stops working. Call outside a transaction.

    Whether the share admits the address is not told, by answer or by error: where it does not, no mail
    leaves. Raises TooManyCodes, MailRefused.
    """
    address = normal(address)
    if not (CODES_PER_ADDRESS.claim(f"{share.pk} {address}", now=now) and CODES_PER_SHARE.claim(share.pk, now=now)):
        raise TooManyCodes
    if share.admits(address):
        code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
        _write_and_mail(share, address, code, language, now)


@transaction.atomic
def _write_and_mail(share: Share, address: str, code: str, language: str, now: datetime) -> None:
    fresh = {"code_digest": code_digest(share, address, code), "code_ends_at": now + CODE_LIVES, "tries": 0}
    AddressProof.objects.update_or_create(share=share, address=address, defaults=fresh)
    vendor = OrganizationSettings.current().vendor_name
    send_text("visitor_code", to=address, language=language, code=f"{code[:4]} {code[4:]}", vendor=vendor)


def confirm_code(*, share: Share, address: str, code: str, now: datetime) -> bool:
    """Whether `code` is the one that was mailed, works still, and was not used. Each call costs a try.

    Wrong, too late, used and tried too often look the same.
    """
    address, code = normal(address), "".join(code.split())
    proofs = AddressProof.objects.filter(share=share, address=address)
    alive = proofs.filter(code_ends_at__gt=now, tries__lt=TRIES_PER_CODE).exclude(code_digest="")
    if not alive.update(tries=F("tries") + 1):
        return False
    digest = code_digest(share, address, code)
    if not constant_time_compare(proofs.values_list("code_digest", flat=True).get(), digest):
        return False
    # Of two requests with the same code one wins.
    return bool(proofs.filter(code_digest=digest).update(code_digest="", confirmed_at=now))


def normal(address: str) -> str:
    """The one spelling of an address."""
    return address.strip().lower()


def code_digest(share: Share, address: str, code: str) -> str:
    """Keyed with the installation's secret: eight digits could be found from a plain digest."""
    return salted_hmac("engagements.visitors.code", f"{share.pk} {address} {code}", algorithm="sha256").hexdigest()
