"""Values of agreed outcomes in their own unit."""

from decimal import Decimal

from django import template

from fde_portal.core import formats

register = template.Library()


@register.filter
def in_unit(value: Decimal | str | None, unit: str) -> str:
    """7.8 minutes, 62%. A value that is not there, which templates give as "", is a dash."""
    return formats.in_unit(None if value == "" else value, unit)
