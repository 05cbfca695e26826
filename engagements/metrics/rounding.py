"""Rounding for display; arithmetic never rounds."""

from decimal import ROUND_HALF_UP, Decimal


def round_half_up(amount: Decimal | int, places: int = 0) -> Decimal:
    """Return `amount` rounded half away from zero to `places` decimals."""
    return Decimal(amount).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
