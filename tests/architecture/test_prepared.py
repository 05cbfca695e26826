"""A prepared statement serves everybody: its SQL hangs on nobody's language, time zone or day."""

import importlib
import inspect
import pkgutil
from datetime import date

import pytest
import time_machine
from django.utils import timezone, translation

import customers
import engagements
from engagements.views.overview import Overview
from fde_portal import accounts
from fde_portal.accounts.scoping import Scope
from fde_portal.core.prepared import Param, Prepared

# What stands in for parameters that are given as they are.
EXAMPLES = {"scope": Scope.OWN, "page": Overview, "start": 0, "count": 5}


def all_prepared() -> dict[str, Prepared]:
    """Those that stand in a module, by name."""
    found = {}
    for app in (accounts, customers, engagements):
        for module in pkgutil.walk_packages(app.__path__, f"{app.__name__}."):
            if ".migrations" not in module.name:
                names = vars(importlib.import_module(module.name))
                found |= {f"{module.name}.{name}": value for name, value in names.items() if isinstance(value, Prepared)}
    return found


def sql_of(prepared: Prepared, language: str, zone: str, day: date) -> str:
    values = {name: EXAMPLES[name] if name in EXAMPLES else Param(name) for name in prepared.names}
    with translation.override(language), timezone.override(zone), time_machine.travel(day):
        return str(inspect.unwrap(prepared)(**values).query)


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(all_prepared()))
def test_everybody_has_the_same_sql(name):
    prepared = all_prepared()[name]
    here = sql_of(prepared, "en", "UTC", date(2026, 3, 4))
    assert here == sql_of(prepared, "zh-hans", "Asia/Shanghai", date(2027, 8, 9))
