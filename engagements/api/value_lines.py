"""Lines of value cases and their drivers, from programs.

A line is saved as its page saves it, with the whole case and under the version of the case: that is the ETag of each
of its lines. The rules are those of the forms, the acts those of the pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from engagements.api import etags, filters, serializers
from engagements.api.etags import DETAIL, IF_MATCH, PreconditionFailed, StateConflict, etag_of, require_match
from engagements.api.records import RecordsView
from engagements.api.typed import as_it_is, checked, typed
from engagements.forms.value_drivers import ENDS, DriversForm, kept_drivers
from engagements.forms.values import PERCENT, ValueCaseForm, ValueLineForm
from engagements.models import ValueCase, ValueDriver, ValueLine
from engagements.services.values import save_value_case, write_drivers
from fde_portal.accounts.permissions import Permission
from fde_portal.accounts.records import Conflict

WRITTEN = {200: serializers.WholeLineSerializer, **etags.UNMATCHED}
# What a driver says of itself: as it is where the line has one of its name, and this where it is new.
UNSAID = {name: ValueDriver._meta.get_field(name).get_default() for name in ("unit", "confidence", "source_kind", "source")}
UNDRIVEN = {409: OpenApiResponse(DETAIL, "The line is worked out from amounts.")}


@extend_schema(tags=["value"])
class ValueLinesView(RecordsView):
    """The lines of value cases in their order. Shares are 0 to 1."""

    write_permission = Permission.WRITE_RECORDS
    lookup_value_regex = r"\d+"
    serializer_class = serializers.ValueLineSerializer
    filterset_class = filters.ValueLineFilter

    def narrow(self, rows: QuerySet) -> QuerySet[ValueLine]:
        kept = rows.filter(case__archived_at=None, case__engagement__archived_at=None)
        return kept.order_by("case_id", "position", "id")

    @extend_schema(responses=serializers.WholeLineSerializer)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One line with its amounts, its drivers, and what counts of it in each year; the ETag is that of its case."""
        return self.answer(self.line())

    @extend_schema(request=serializers.NewLineSerializer, responses={201: serializers.WholeLineSerializer})
    def create(self, request: Request) -> Response:
        """Add a line at the end of a case the caller may write to."""
        given = checked(serializers.NewLineSerializer(data=request.data))
        cases = ValueCase.objects.visible_to(request.user).current().filter(engagement__archived_at=None)
        case = get_object_or_404(cases, pk=given.pop("case"))
        form = ValueCaseForm(instance=case)
        number = form.lines.initial_form_count()
        saved = self.saved(sent(form, number, fields_of(given), added=1), number, case)
        return self.answer(self.line(saved.lines.forms[number].instance.pk), status=201)

    @extend_schema(request=serializers.LineChangesSerializer, responses=WRITTEN, parameters=[IF_MATCH])
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change what is named; `amounts` are replaced as a whole."""
        given = checked(serializers.LineChangesSerializer(data=request.data, partial=True))
        form, number = self.opened()
        emptied = {name: "" for name in form.lines.forms[number].fields if name.startswith("year_") and "amounts" in given}
        self.saved(sent(form, number, emptied | fields_of(given)), number, form.instance)
        return self.answer(self.line())

    @extend_schema(responses={204: None, **etags.UNMATCHED}, parameters=[IF_MATCH])
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Remove a line; what it brought goes with it, and comes back with it on its page."""
        form, number = self.opened()
        self.saved(sent(form, number, {"DELETE": True}), number, form.instance)
        return Response(status=204)

    @extend_schema(request=serializers.ValueDriverSerializer(many=True), responses={**WRITTEN, **UNDRIVEN}, parameters=[IF_MATCH])
    @action(detail=True, methods=["put"], pagination_class=None, filterset_class=None)
    def drivers(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Replace the drivers of a line, in their order; what is left out goes, but a line keeps at least one.

        A driver of the same name keeps its unit, confidence and source where they are not given.
        """
        line = self.matched()
        if line.basis != ValueLine.Basis.DRIVERS:
            raise StateConflict(_("This line is worked out from amounts."))
        given = checked(serializers.ValueDriverSerializer(data=request.data, many=True, allow_empty=False))
        form = DriversForm(drivers_sent(line, given), line=line)
        if not form.is_valid():
            raise ValidationError({at: row.errors for at, row in enumerate(form.drivers.forms) if row.errors})
        try:
            write_drivers(line=line, drivers=kept_drivers(form.drivers), seen=line.case.version, by=request.user)
        except Conflict:
            raise PreconditionFailed from None
        return self.answer(self.line())

    def line(self, pk: int | None = None) -> ValueLine:
        rows = self.get_queryset().select_related("case__engagement").prefetch_related("amounts", "drivers")
        return get_object_or_404(rows, pk=pk or self.kwargs["pk"])

    def matched(self) -> ValueLine:
        """The line of the address, if its case is still what the caller read."""
        line = self.line()
        require_match(self.request, line.case)
        return line

    def opened(self) -> tuple[ValueCaseForm, int]:
        """The form of the case, unbound, and the place of the line in it."""
        line = self.matched()
        form = ValueCaseForm(instance=line.case)
        return form, [row.instance.pk for row in form.lines.initial_forms].index(line.pk)

    def saved(self, data: dict[str, Any], number: int, case: ValueCase) -> ValueCaseForm:
        """Save the case as its page would. Raises ValidationError for the line `number`, naming its fields."""
        form = ValueCaseForm(data, instance=case)
        if not form.is_valid():
            raise ValidationError(errors_of(form, number))
        try:
            save_value_case(form, by=self.request.user)
        except Conflict:
            raise PreconditionFailed from None
        return form

    def answer(self, line: ValueLine, status: int = 200) -> Response:
        told = serializers.WholeLineSerializer(line).data
        return Response(told, status=status, headers={"ETag": etag_of(line.case)})


def fields_of(given: Mapping[str, Any]) -> dict[str, Any]:
    """What was given by the fields of the form, which has one for the amount of each year."""
    amounts = {f"year_{row['year']}": row["amount"] for row in given.get("amounts", ())}
    return {name: value for name, value in given.items() if name != "amounts"} | amounts


def sent(form: ValueCaseForm, number: int, given: Mapping[str, Any], added: int = 0) -> dict[str, Any]:
    """What the page would send, with `given` typed into its line `number`."""
    known = form.lines.initial_form_count()
    data = as_it_is(form) | counted(form.lines.prefix, known, known + added)
    for at, row in enumerate(form.lines.forms[: known + added]):
        data |= typed(row, given) if at == number else as_it_is(row)
    return data


def counted(prefix: str, known: int, all_rows: int) -> dict[str, int]:
    return {f"{prefix}-INITIAL_FORMS": known, f"{prefix}-TOTAL_FORMS": all_rows}


def drivers_sent(line: ValueLine, given: list[dict[str, Any]]) -> dict[str, Any]:
    """The drivers as their page would send them: the first given stands in the place of the first there is, and so on."""
    form = DriversForm(line=line)
    known = form.drivers.initial_form_count()
    rows = max(known, len(given))
    said = {name_of(driver.name): {name: getattr(driver, name) for name in UNSAID} for driver in line.drivers.all()}
    given = [in_percent(UNSAID | said.get(name_of(driver["name"]), {}) | driver) for driver in given]
    data = as_it_is(form) | counted("drivers", known, rows)
    for at, row in enumerate(form.drivers.initial_forms):
        data |= typed(row, given[at] if at < len(given) else {"DELETE": True})
    for at, driver in enumerate(given[known:], start=known):
        data |= {f"drivers-{at}-{name}": value for name, value in driver.items()}
    return data


def in_percent(driver: Mapping[str, Any]) -> dict[str, Any]:
    """A driver as people type it."""
    ends = {name: driver[name] * PERCENT for name in ENDS if driver.get("unit") == ValueDriver.Unit.SHARE}
    return {**driver, **ends}


def name_of(name: str) -> str:
    """Two drivers of a line have two names, however they are capitalised."""
    return name.strip().casefold()


def errors_of(form: ValueCaseForm, number: int) -> dict[str, list[str]]:
    """What is wrong with the line; where it is another one that objects, its name and words."""
    row: ValueLineForm = form.lines.forms[number]
    found: dict[str, list[str]] = {}
    for name, texts in row.errors.items():
        found.setdefault("amounts" if name.startswith("year_") else name, []).extend(texts)
    others = [f"{line}: {text}" for __, line, ___, text in form.line_errors()] + [text for texts in form.errors.values() for text in texts]
    return found or {"non_field_errors": others}
