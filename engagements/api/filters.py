"""What lists of the API can be narrowed by. Parents are named by their slugs."""

import django_filters

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
    whole_engagement = django_filters.BooleanFilter(field_name="deliverable", lookup_expr="isnull")

    class Meta:
        model = MetricSnapshot
        fields = {"deliverable": ["exact"], "day": ["exact", "gte", "lte"]}
