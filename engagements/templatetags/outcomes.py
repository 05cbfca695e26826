"""Values of agreed outcomes in their own unit."""

from decimal import Decimal

from django import template

from fde_portal.core import formats

register = template.Library()


@register.filter
def in_unit(value: Decimal | None, unit: str) -> str:
    """7.8 minutes, 62%."""
    return formats.in_unit(value, unit)
