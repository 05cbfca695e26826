"""Values of agreed outcomes in their own unit."""

from decimal import Decimal

from django import template

from engagements.selectors.outcome import amount

register = template.Library()


@register.filter
def in_unit(value: Decimal | None, unit: str) -> str:
    """7.8 minutes, 62%."""
    return amount(value, unit)
