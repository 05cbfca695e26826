"""What programs send, and the forms of the pages filled in with it: what was given, and the rest as it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.forms import BaseForm
from rest_framework.serializers import BaseSerializer

from engagements.forms.values import PERCENT, PercentField, plain


def checked(given: BaseSerializer) -> Any:
    """What was sent, in its shape. Raises ValidationError, naming the fields."""
    given.is_valid(raise_exception=True)
    return given.validated_data


def as_it_is(form: BaseForm) -> dict[str, Any]:
    """What an unbound form would send if nobody typed."""
    return {form.add_prefix(name): form[name].value() for name in form.fields}


def typed(form: BaseForm, given: Mapping[str, Any]) -> dict[str, Any]:
    """The same with `given` in the places of its fields. Programs give shares as 0 to 1, people type percent."""
    shares = {name for name, field in form.fields.items() if isinstance(field, PercentField)}
    said = {form.add_prefix(name): plain(value * PERCENT) if name in shares else value for name, value in given.items()}
    return as_it_is(form) | said
