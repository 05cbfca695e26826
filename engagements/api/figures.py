"""Figures of periods that somebody confirms or disputes, from programs: observations and realised values.

The rules are those of the forms, the acts those of the pages. A figure that changes waits for its verdict again.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from engagements.api import filters, serializers
from engagements.api.etags import DETAIL, IF_MATCH, UNMATCHED, PreconditionFailed, StateConflict, etag_of, require_match
from engagements.api.records import RecordsView
from engagements.forms.observations import ObservationForm, PeriodForm
from engagements.forms.value_ledger import RealisedForm
from engagements.models import Engagement, Observation, OutcomeAgreement, RealisedValue, ValueLine
from engagements.models.judged_figure import JudgedFigure
from engagements.services.observations import save_observation, take_in_observations
from engagements.services.outcome_states import Refused
from engagements.services.value_ledger import save_realised
from fde_portal.accounts.permissions import Permission
from fde_portal.accounts.records import Conflict

DECIDED = {409: OpenApiResponse(DETAIL, "The outcome is not running."), **UNMATCHED}


class FiguresView(RecordsView):
    """A kind of figure: read by all who see it, written by those who may."""

    write_permission = Permission.WRITE_RECORDS
    lookup_value_regex = r"\d+"
    form_class: ClassVar[type[PeriodForm]]
    changes: ClassVar[type[Serializer]]

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One figure; the ETag names its version."""
        return self.answer(self.figure())

    def figure(self) -> JudgedFigure:
        return get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"])

    def answer(self, figure: JudgedFigure, status: int = 200) -> Response:
        return Response(self.serializer_class(figure).data, status=status, headers={"ETag": etag_of(figure)})

    def valid_form(self, figure: JudgedFigure, given: dict[str, Any], engagement: Engagement) -> PeriodForm:
        """The page's form with what was given, the rest as it is. Raises ValidationError, naming the fields."""
        form = self.form_class(instance=figure, today=timezone.localdate(timezone=engagement.zone))
        if foreign := [name for name in self.form_class._meta.fields if name in given and name not in form.fields]:
            raise ValidationError({name: [_("A line of this kind has none.")] for name in foreign})
        known = {name: form[name].value() for name in form.fields}
        form = self.form_class(known | given, instance=figure, today=form.today)
        if not form.is_valid():
            raise ValidationError(form.errors)
        return form

    def changed(self, form: PeriodForm) -> None:
        """Save the valid form of a figure that is there."""
        raise NotImplementedError

    def change(self, request: Request, engagement: Engagement, figure: JudgedFigure) -> Response:
        require_match(request, figure)
        given = self.changes(data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        form = self.valid_form(figure, given.validated_data, engagement)
        try:
            self.changed(form)
        except Conflict:
            raise PreconditionFailed from None
        except Refused:
            raise StateConflict(_("The outcome is not agreed yet, or decided already.")) from None
        return self.answer(self.figure())


@extend_schema(tags=["outcomes"])
class ObservationsView(FiguresView):
    """What was observed of agreed outcomes, newest period first. Numerator and denominator are decimal strings.

    POST records one of an agreement the caller may write to: whole, or not at all. PATCH corrects one.
    """

    serializer_class = serializers.ObservationSerializer
    filterset_class = filters.ObservationFilter
    form_class = ObservationForm
    changes = serializers.ObservationChangesSerializer

    def narrow(self, rows: QuerySet) -> QuerySet[Observation]:
        kept = super().narrow(rows).filter(agreement__archived_at=None, agreement__engagement__archived_at=None)
        return kept.select_related("agreement__engagement").order_by("-period_to", "-id")

    @extend_schema(request=serializers.NewObservationSerializer, responses={201: serializers.ObservationSerializer})
    def create(self, request: Request) -> Response:
        given = serializers.NewObservationSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        agreements = OutcomeAgreement.objects.visible_to(request.user).current().select_related("engagement")
        agreement = get_object_or_404(agreements, pk=given.validated_data["agreement"])
        observation = Observation(agreement=agreement, origin=Observation.Origin.API)
        form = self.valid_form(observation, given.validated_data, agreement.engagement)
        try:
            take_in_observations([form.instance], today=form.today, by=request.user)
        except Refused:
            raise ValidationError({"agreement": [_("The outcome is not agreed yet, or decided already.")]}) from None
        return self.answer(form.instance, status=201)

    @extend_schema(request=serializers.ObservationChangesSerializer, responses={200: serializers.ObservationSerializer, **DECIDED}, parameters=[IF_MATCH])
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        observation = self.figure()
        return self.change(request, observation.agreement.engagement, observation)

    def changed(self, form: PeriodForm) -> None:
        save_observation(form, by=self.request.user, today=form.today)


@extend_schema(tags=["value"])
class RealisedView(FiguresView):
    """What value lines really brought or cost, newest period first, in the currency of their case; decimal strings.

    POST records one of a line the caller may write to. PATCH corrects one.
    """

    serializer_class = serializers.RealisedSerializer
    filterset_class = filters.RealisedFilter
    form_class = RealisedForm
    changes = serializers.RealisedChangesSerializer

    def narrow(self, rows: QuerySet) -> QuerySet[RealisedValue]:
        kept = super().narrow(rows).filter(line__case__archived_at=None, line__case__engagement__archived_at=None)
        return kept.select_related("line__case__engagement").order_by("-period_to", "-id")

    @extend_schema(request=serializers.NewRealisedSerializer, responses={201: serializers.RealisedSerializer})
    def create(self, request: Request) -> Response:
        given = serializers.NewRealisedSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        lines = ValueLine.objects.visible_to(request.user).filter(case__archived_at=None, case__engagement__archived_at=None)
        line = get_object_or_404(lines.select_related("case__engagement"), pk=given.validated_data["line"])
        form = self.valid_form(RealisedValue(line=line), given.validated_data, line.case.engagement)
        return self.answer(save_realised(form, by=request.user, today=form.today), status=201)

    @extend_schema(request=serializers.RealisedChangesSerializer, responses={200: serializers.RealisedSerializer, **UNMATCHED}, parameters=[IF_MATCH])
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        realised = self.figure()
        return self.change(request, realised.line.case.engagement, realised)

    def changed(self, form: PeriodForm) -> None:
        save_realised(form, by=self.request.user, today=form.today)
