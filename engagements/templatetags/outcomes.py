"""Values of agreed outcomes in their own unit."""

from decimal import Decimal

from django import template

from engagements.selectors.outcome import amount

register = template.Library()


@register.filter
def in_unit(value: Decimal | str | None, unit: str) -> str:
    """7.8 minutes, 62%. A dash for nothing, which a template passes on as "" where it found no value."""
    return amount(None if value == "" else value, unit)
