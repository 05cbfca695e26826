"""How one line of a value case is worked out, in a sentence or two that a newcomer can follow."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.models import Confidence, ValueCase, ValueLine
from engagements.selectors.value_flow import CONFIDENCE_WEIGHTS
from fde_portal.core import formats


def case_method(lines: Sequence[ValueLine], case: ValueCase) -> list[str]:
    """Each line by itself, and in one sentence those of which there is no more to say than that they are fixed amounts.

    `lines` are read by `lines_of`.
    """
    told = [(line, _further(line, case)) for line in lines]
    plain = [line.name for line, further in told if line.basis == ValueLine.Basis.AMOUNTS and not further]
    found = [formats.sentences(_made_of(line), further) for line, further in told if further or line.basis == ValueLine.Basis.DRIVERS]
    return [*found, *([_fixed(plain)] if plain else [])]


def _further(line: ValueLine, case: ValueCase) -> str:
    return formats.sentences(_grows(line), _weighed(line, case), _in_currency(line), _risk(line), _source(line))


def _fixed(names: Sequence[str]) -> str:
    return ngettext("%(lines)s is a fixed amount for each year.", "%(lines)s are fixed amounts for each year.", len(names)) % {"lines": formats.listed(names)}


def _made_of(line: ValueLine) -> str:
    names = {"line": line.name, "factors": " × ".join(driver.name for driver in line.drivers.all()), "per": line.get_per_display()}
    if line.basis == ValueLine.Basis.DRIVERS:
        return _("%(line)s is %(factors)s, %(per)s.") % names if names["factors"] else _("%(line)s has no drivers yet, and counts nothing.") % names
    return _fixed([line.name])


def _grows(line: ValueLine) -> str:
    if line.basis != ValueLine.Basis.DRIVERS or (line.begins_month == 1 and not line.ramp_months):
        return ""
    begins = _("It begins in month %(month)s") % {"month": line.begins_month}
    if not line.ramp_months:
        return _("%(text)s.") % {"text": begins}
    return ngettext("%(begins)s and counts in full after %(months)s month.", "%(begins)s and counts in full after %(months)s months.", line.ramp_months) % {
        "begins": begins, "months": line.ramp_months,
    }  # fmt: skip


def _weighed(line: ValueLine, case: ValueCase) -> str:
    """The shares that are left of it; "" where everything counts."""
    certainty = Confidence(line.certainty)
    weight = CONFIDENCE_WEIGHTS[certainty] if line.is_benefit and case.weighs_confidence else 1
    shares = [
        (line.attribution, _("%(share)s due to this work")),
        (line.capture if line.is_benefit else 1, _("%(share)s put to use")),
        (weight, _("%(share)s for being %(certainty)s")),
    ]
    told = [text % {"share": formats.percent(share), "certainty": str(certainty.label).lower()} for share, text in shares if share != 1]
    return _("It is multiplied by %(shares)s.") % {"shares": formats.listed(told)} if told else ""


def _in_currency(line: ValueLine) -> str:
    if not line.currency:
        return ""
    words = {"currency": line.currency, "rate": formats.number(line.exchange_rate, 4), "day": formats.day(line.rate_on, "year")}
    return _("Amounts in %(currency)s count at %(rate)s, the rate of %(day)s.") % words


def _risk(line: ValueLine) -> str:
    if not line.risk_adjustment:
        return ""
    share = {"share": formats.percent(line.risk_adjustment)}
    return _("Then %(share)s is cut for risk.") % share if line.is_benefit else _("Then %(share)s is added for risk.") % share


def _source(line: ValueLine) -> str:
    return _("Source: %(source)s.") % {"source": line.source} if line.source else ""
