"""Figures of periods that somebody confirms or disputes, from programs: observations and realised values.

The rules are those of the forms, the acts those of the pages. A figure that changes waits for its verdict again.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework.exceptions import ValidationError
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from engagements.api import filters, serializers
from engagements.api.etags import DETAIL, IF_MATCH, UNMATCHED, PreconditionFailed, StateConflict, etag_of, require_match
from engagements.api.records import RecordsView
from engagements.api.typed import checked, typed
from engagements.forms.observations import ObservationForm, PeriodForm
from engagements.forms.value_ledger import RealisedForm
from engagements.models import Engagement, Observation, OutcomeAgreement, RealisedValue, ValueLine
from engagements.models.judged_figure import JudgedFigure
from engagements.services.observations import save_observation, take_in_observations
from engagements.services.outcome_states import Refused
from engagements.services.value_ledger import save_realised
from fde_portal.accounts.permissions import Permission
from fde_portal.accounts.records import Conflict

NOT_RUNNING = _("The outcome is not agreed yet, or decided already.")
DECIDED = {409: OpenApiResponse(DETAIL, "The outcome is not running."), **UNMATCHED}


def written(kind: type[Serializer], *, new: type[Serializer], changes: type[Serializer], refused: dict[int, Any]) -> Any:
    """How the schema tells what a kind of figure takes and answers."""
    return extend_schema_view(
        create=extend_schema(request=new, responses={201: kind}),
        partial_update=extend_schema(request=changes, responses={200: kind, **refused}, parameters=[IF_MATCH]),
    )


class FiguresView(RecordsView):
    """A kind of figure: read by all who see it, written by those who may."""

    write_permission = Permission.WRITE_RECORDS
    lookup_value_regex = r"\d+"
    form_class: ClassVar[type[PeriodForm]]
    new: ClassVar[type[Serializer]]
    changes: ClassVar[type[Serializer]]

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One figure; the ETag names its version."""
        return self.answer(self.figure())

    def create(self, request: Request) -> Response:
        """Record a figure, by the rules of its page: whole, or not at all."""
        given = checked(self.new(data=request.data))
        figure = self.begun(given)
        return self.answer(self.recorded(self.valid_form(figure, given)), status=201)

    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Correct what is named; the figure waits for its verdict again."""
        figure = self.figure()
        require_match(request, figure)
        form = self.valid_form(figure, checked(self.changes(data=request.data, partial=True)))
        try:
            self.corrected(form)
        except Conflict:
            raise PreconditionFailed from None
        except Refused:
            raise StateConflict(NOT_RUNNING) from None
        return self.answer(self.figure())

    def begun(self, given: dict[str, Any]) -> JudgedFigure:
        """A new figure of the record that is named, if the caller sees that."""
        raise NotImplementedError

    def recorded(self, form: PeriodForm) -> JudgedFigure:
        """Save the valid form of a new figure."""
        raise NotImplementedError

    def corrected(self, form: PeriodForm) -> JudgedFigure:
        """Save the valid form of a figure that is there."""
        raise NotImplementedError

    def figure(self) -> JudgedFigure:
        return get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"])

    def answer(self, figure: JudgedFigure, status: int = 200) -> Response:
        return Response(self.serializer_class(figure).data, status=status, headers={"ETag": etag_of(figure)})

    def valid_form(self, figure: JudgedFigure, given: dict[str, Any]) -> PeriodForm:
        """The page's form with what was given, the rest as it is. Raises ValidationError, naming the fields."""
        form = self.form_class(instance=figure, today=timezone.localdate(timezone=self.engagement_of(figure).zone))
        if foreign := [name for name in self.form_class._meta.fields if name in given and name not in form.fields]:
            raise ValidationError({name: [_("A line of this kind has none.")] for name in foreign})
        form = self.form_class(typed(form, given), instance=figure, today=form.today)
        if not form.is_valid():
            raise ValidationError(form.errors)
        return form

    def engagement_of(self, figure: Any) -> Engagement:
        raise NotImplementedError


@extend_schema(tags=["outcomes"])
@written(
    serializers.ObservationSerializer, new=serializers.NewObservationSerializer, changes=serializers.ObservationChangesSerializer, refused=DECIDED
)
class ObservationsView(FiguresView):
    """What was observed of agreed outcomes, newest period first. Numerator and denominator are decimal strings.

    POST records one of an agreement the caller may write to: whole, or not at all. PATCH corrects one.
    """

    serializer_class = serializers.ObservationSerializer
    filterset_class = filters.ObservationFilter
    form_class = ObservationForm
    new = serializers.NewObservationSerializer
    changes = serializers.ObservationChangesSerializer

    def narrow(self, rows: QuerySet) -> QuerySet[Observation]:
        kept = super().narrow(rows).filter(agreement__archived_at=None, agreement__engagement__archived_at=None)
        return kept.select_related("agreement__engagement").order_by("-period_to", "-id")

    def engagement_of(self, figure: Observation) -> Engagement:
        return figure.agreement.engagement

    def begun(self, given: dict[str, Any]) -> Observation:
        agreements = OutcomeAgreement.objects.visible_to(self.request.user).current().select_related("engagement")
        return Observation(agreement=get_object_or_404(agreements, pk=given["agreement"]), origin=Observation.Origin.API)

    def recorded(self, form: PeriodForm) -> Observation:
        try:
            take_in_observations([form.instance], today=form.today, by=self.request.user)
        except Refused:
            raise ValidationError({"agreement": [NOT_RUNNING]}) from None
        return form.instance

    def corrected(self, form: PeriodForm) -> Observation:
        return save_observation(form, by=self.request.user, today=form.today)


@extend_schema(tags=["value"])
@written(serializers.RealisedSerializer, new=serializers.NewRealisedSerializer, changes=serializers.RealisedChangesSerializer, refused=UNMATCHED)
class RealisedView(FiguresView):
    """What value lines really brought or cost, newest period first, in the currency of their case; decimal strings.

    POST records one of a line the caller may write to. PATCH corrects one.
    """

    serializer_class = serializers.RealisedSerializer
    filterset_class = filters.RealisedFilter
    form_class = RealisedForm
    new = serializers.NewRealisedSerializer
    changes = serializers.RealisedChangesSerializer

    def narrow(self, rows: QuerySet) -> QuerySet[RealisedValue]:
        kept = super().narrow(rows).filter(line__case__archived_at=None, line__case__engagement__archived_at=None)
        return kept.select_related("line__case__engagement").order_by("-period_to", "-id")

    def engagement_of(self, figure: RealisedValue) -> Engagement:
        return figure.line.case.engagement

    def begun(self, given: dict[str, Any]) -> RealisedValue:
        lines = ValueLine.objects.visible_to(self.request.user).filter(case__archived_at=None, case__engagement__archived_at=None)
        return RealisedValue(line=get_object_or_404(lines.select_related("case__engagement"), pk=given["line"]))

    def recorded(self, form: PeriodForm) -> RealisedValue:
        return save_realised(form, by=self.request.user, today=form.today)

    corrected = recorded
