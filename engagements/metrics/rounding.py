"""Rounding for display; arithmetic never rounds."""

from decimal import ROUND_HALF_UP, Context, Decimal

# Digits enough for any product that may stand in the records: a long number is rounded like a short one.
WIDE = Context(prec=1000)


def round_half_up(amount: Decimal | int, places: int = 0) -> Decimal:
    """Return `amount` rounded half away from zero to `places` decimals."""
    return Decimal(amount).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP, context=WIDE)
