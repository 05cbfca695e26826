"""Further keys of a share, for its calendar and for links in mails. They follow from the share; none is stored.

Each is an HMAC of the share's own digest under the installation's secret key, so it ends with the share, and
whoever holds one can compute no other.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from enum import StrEnum

from django.utils.crypto import constant_time_compare, salted_hmac

from engagements.models.share import Share


class Purpose(StrEnum):
    """The prefix by which a scanner, and this program, tells the keys apart."""

    PAGE = "fdem"
    CALENDAR = "fdec"


_SHAPE = re.compile(r"(fdem|fdec)_([1-9][0-9]{0,17})_([A-Za-z0-9_-]{43})")


def derived_key(share: Share, purpose: Purpose) -> str:
    """256 bits behind the number of the share, safe in addresses."""
    mac = salted_hmac(f"engagements.keys.{purpose}", f"{share.pk} {share.token_digest}", algorithm="sha256").digest()
    return f"{purpose}_{share.pk}_{urlsafe_b64encode(mac).decode().rstrip('=')}"


def share_id_in(key: str, purpose: Purpose) -> int | None:
    """The share a key of `purpose` says it is for. Whether it is, `is_key_of` tells."""
    match = _SHAPE.fullmatch(key)
    return int(match[2]) if match and match[1] == purpose else None


def is_key_of(share: Share, key: str, purpose: Purpose) -> bool:
    return constant_time_compare(derived_key(share, purpose), key)
