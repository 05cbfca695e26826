"""What lists of the API can be narrowed by. Parents are named by their slugs."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from engagements.models import (
    Deliverable,
    Engagement,
    MetricSnapshot,
    Milestone,
    Observation,
    OutcomeAgreement,
    RealisedValue,
    ValueCase,
    ValueLine,
    WeeklyUpdate,
)

# What a list takes beside its filters.
ALSO_KNOWN = frozenset({"page", "format"})
YES_OR_NO = [(text, text) for text in ("true", "false", "True", "False")]


class KnownFilters(DjangoFilterBackend):
    """Refuses a parameter no filter has: whoever misspells one would take the whole list for the narrowed one."""

    def get_filterset(self, request: Request, queryset: QuerySet, view: Any) -> django_filters.FilterSet:
        filterset = super().get_filterset(request, queryset, view)
        unknown = sorted(request.query_params.keys() - filterset.filters.keys() - ALSO_KNOWN)
        if unknown:
            raise ValidationError({name: [gettext("This list has no such filter.")] for name in unknown})
        return filterset


class EngagementFilter(django_filters.FilterSet):
    customer = django_filters.CharFilter(field_name="customer__slug")

    class Meta:
        model = Engagement
        fields = ["customer", "phase", "status"]


class OfEngagementFilter(django_filters.FilterSet):
    engagement = django_filters.CharFilter(field_name="engagement__slug")

    class Meta:
        model = Milestone
        fields = ["engagement"]


class DeliverableFilter(OfEngagementFilter):
    class Meta:
        model = Deliverable
        fields = ["engagement", "state", "kind"]


class UpdateFilter(OfEngagementFilter):
    class Meta:
        model = WeeklyUpdate
        fields = ["engagement", "state", "iso_year", "iso_week"]


class OutcomeFilter(OfEngagementFilter):
    class Meta:
        model = OutcomeAgreement
        fields = ["engagement", "state"]


class ObservationFilter(django_filters.FilterSet):
    engagement = django_filters.CharFilter(field_name="agreement__engagement__slug")

    class Meta:
        model = Observation
        fields = {"agreement": ["exact"], "state": ["exact"], "period_to": ["gte", "lte"]}


class ValueCaseFilter(OfEngagementFilter):
    class Meta:
        model = ValueCase
        fields = ["engagement"]


class ValueLineFilter(django_filters.FilterSet):
    engagement = django_filters.CharFilter(field_name="case__engagement__slug")

    class Meta:
        model = ValueLine
        fields = ["case", "kind", "basis"]


class RealisedFilter(django_filters.FilterSet):
    engagement = django_filters.CharFilter(field_name="line__case__engagement__slug")

    class Meta:
        model = RealisedValue
        fields = {"line": ["exact"], "state": ["exact"], "period_to": ["gte", "lte"]}


class MetricFilter(OfEngagementFilter):
    whole_engagement = django_filters.TypedChoiceFilter(
        field_name="deliverable", lookup_expr="isnull", choices=YES_OR_NO, coerce=lambda text: text.lower() == "true"
    )

    class Meta:
        model = MetricSnapshot
        fields = {"deliverable": ["exact"], "day": ["exact", "gte", "lte"]}
