"""The shapes of the read API. Sources are paths, so that a list is one statement without instances."""

from django.utils.translation import gettext
from rest_framework import serializers

from customers.models import Customer
from engagements.metrics.rounding import round_half_up
from engagements.models import (
    Deliverable,
    Engagement,
    MetricSnapshot,
    Milestone,
    Observation,
    OutcomeAgreement,
    RealisedValue,
    ValueAmount,
    ValueCase,
    ValueDriver,
    ValueLine,
    WeeklyUpdate,
)
from engagements.selectors.value import yearly_flow


def share_field() -> serializers.DecimalField:
    return serializers.DecimalField(max_digits=8, decimal_places=4, required=False)


class CustomerSerializer(serializers.ModelSerializer):
    class Meta:
        model = Customer
        fields = ["slug", "name", "industry", "region", "segment", "time_zone", "currency", "language", "renewal_date"]


class EngagementSerializer(serializers.ModelSerializer):
    customer = serializers.SlugField(source="customer.slug")
    customer_name = serializers.CharField(source="customer.name")
    lead = serializers.EmailField(source="lead.email")
    backup = serializers.EmailField(source="backup.email", allow_null=True)
    health_band = serializers.CharField(source="portfolio_row.band", allow_null=True, help_text="on_track, watch, at_risk or unknown")
    health_score = serializers.IntegerField(source="portfolio_row.score", allow_null=True, help_text="0 to 100")
    weekly_users = serializers.IntegerField(source="portfolio_row.weekly_users", allow_null=True)
    weekly_target = serializers.IntegerField(source="portfolio_row.weekly_target", allow_null=True)
    last_update_on = serializers.DateField(source="portfolio_row.last_update_on", allow_null=True)

    class Meta:
        model = Engagement
        fields = [
            "slug", "name", "customer", "customer_name", "phase", "status", "lead", "backup", "started_on", "target_end",
            "time_zone", "currency", "health_band", "health_score", "weekly_users", "weekly_target", "last_update_on",
        ]  # fmt: skip


class DeliverableSerializer(serializers.ModelSerializer):
    engagement = serializers.SlugField(source="engagement.slug")
    owner = serializers.EmailField(source="owner.email", allow_null=True)

    class Meta:
        model = Deliverable
        fields = [
            "id", "engagement", "name", "kind", "state", "owner", "acceptance_criteria",
            "planned_on", "forecast_on", "actual_on", "is_shared", "activation_days", "activation_within",
        ]  # fmt: skip


class MilestoneSerializer(serializers.ModelSerializer):
    engagement = serializers.SlugField(source="engagement.slug")

    class Meta:
        model = Milestone
        fields = ["id", "engagement", "title", "kind", "baseline_on", "forecast_on", "actual_on", "summary", "is_shared"]


class WeeklyUpdateSerializer(serializers.ModelSerializer):
    engagement = serializers.SlugField(source="engagement.slug")
    author = serializers.EmailField(source="author.email", allow_null=True)

    class Meta:
        model = WeeklyUpdate
        fields = [
            "id", "engagement", "iso_year", "iso_week", "revision", "state", "headline", "author", "published_at",
            "schedule_rating", "adoption_rating", "value_rating", "relationship_rating",
        ]  # fmt: skip


class OutcomeAgreementSerializer(serializers.ModelSerializer):
    engagement = serializers.SlugField(source="engagement.slug")
    our_person = serializers.EmailField(source="our_person.email", allow_null=True)
    their_person = serializers.CharField(source="their_person.name", allow_null=True)
    verifier = serializers.CharField(source="verifier.name", allow_null=True)

    class Meta:
        model = OutcomeAgreement
        fields = [
            "id", "engagement", "outcome", "metric", "unit", "direction", "population", "source_of_truth", "baseline_kind", "baseline",
            "baseline_on", "target", "due_on", "our_person", "their_person", "verifier", "cadence_days", "state", "agreed_on", "is_shared",
        ]  # fmt: skip


class ObservationSerializer(serializers.ModelSerializer):
    engagement = serializers.SlugField(source="agreement.engagement.slug")
    agreement = serializers.IntegerField(source="agreement_id")

    class Meta:
        model = Observation
        fields = [
            "id", "engagement", "agreement", "period_from", "period_to", "numerator", "denominator", "source", "confidence", "origin",
            "state", "comment", "recorded_on", "decided_on",
        ]  # fmt: skip


class PeriodSerializer(serializers.Serializer):
    """What a program sends of a period. The rules are those of the form; dates are ISO."""

    period_from = serializers.CharField()
    period_to = serializers.CharField(help_text="The last day it covers.")
    source = serializers.CharField(required=False, allow_blank=True)
    confidence = serializers.CharField(required=False, help_text="observed, calculated, estimated or assumed")


class ObservationChangesSerializer(PeriodSerializer):
    """Figures are decimal strings or numbers."""

    numerator = serializers.CharField()
    denominator = serializers.CharField(required=False)


class NewObservationSerializer(ObservationChangesSerializer):
    agreement = serializers.IntegerField()


class ValueCaseSerializer(serializers.ModelSerializer):
    engagement = serializers.SlugField(source="engagement.slug")

    class Meta:
        model = ValueCase
        fields = ["id", "engagement", "title", "currency", "starts_on", "years", "layout", "discount_rate", "weighs_confidence", "source"]


class ValueLineSerializer(serializers.ModelSerializer):
    engagement = serializers.SlugField(source="case.engagement.slug")
    case = serializers.IntegerField(source="case_id")

    class Meta:
        model = ValueLine
        fields = [
            "id", "engagement", "case", "position", "name", "kind", "basis", "confidence", "attribution", "capture", "risk_adjustment", "low_share",
            "high_share", "per", "begins_month", "ramp_months", "currency", "exchange_rate", "rate_on", "work", "source", "is_shared",
        ]  # fmt: skip


class ValueAmountSerializer(serializers.ModelSerializer):
    year = serializers.IntegerField(min_value=0, max_value=10)

    class Meta:
        model = ValueAmount
        fields = ["year", "amount"]


class ValueDriverSerializer(serializers.ModelSerializer):
    class Meta:
        model = ValueDriver
        fields = ["name", "unit", "low", "expected", "high", "confidence", "source_kind", "source"]

    def to_internal_value(self, data: object) -> dict:
        unknown = sorted(map(str, data.keys() - self.fields.keys())) if isinstance(data, dict) else []
        if unknown:
            raise serializers.ValidationError({name: [gettext("A driver has no such field.")] for name in unknown})
        return super().to_internal_value(data)


class WholeLineSerializer(ValueLineSerializer):
    amounts = ValueAmountSerializer(many=True)
    drivers = ValueDriverSerializer(many=True)
    counted = serializers.SerializerMethodField(help_text="What counts in each year from the start on, in the currency of the case; as on the page.")

    class Meta(ValueLineSerializer.Meta):
        fields = [*ValueLineSerializer.Meta.fields, "amounts", "drivers", "counted"]

    def get_counted(self, line: ValueLine) -> list[str]:
        return [str(round_half_up(amount, 2)) for amount in yearly_flow(line, line.case, {})]


class LineChangesSerializer(serializers.Serializer):
    """What a program sends of a line. The rules are those of its form; shares are 0 to 1, amounts decimal strings."""

    name = serializers.CharField()
    kind = serializers.CharField(help_text="hours_released, cost_avoided, revenue, risk_avoided, engineering, model_and_cloud, licences, change or support")
    basis = serializers.CharField(required=False, help_text="amounts or drivers")
    confidence = serializers.CharField(required=False, help_text="observed, calculated, estimated or assumed")
    attribution = share_field()
    capture = share_field()
    risk_adjustment = share_field()
    low_share = share_field()
    high_share = share_field()
    is_shared = serializers.BooleanField(required=False, help_text="Whether the customer sees it.")
    per = serializers.CharField(required=False, help_text="month or year")
    begins_month = serializers.IntegerField(required=False)
    ramp_months = serializers.IntegerField(required=False)
    currency = serializers.CharField(required=False, allow_blank=True, help_text="Empty: the currency of the case.")
    exchange_rate = serializers.CharField(required=False)
    rate_on = serializers.CharField(required=False, allow_blank=True)
    work = serializers.CharField(required=False, allow_blank=True, help_text="Two benefits that name the same work are refused.")
    source = serializers.CharField(required=False, allow_blank=True)
    amounts = ValueAmountSerializer(many=True, required=False, help_text="By year, from the start (0) on; replaced as a whole.")


class NewLineSerializer(LineChangesSerializer):
    case = serializers.IntegerField()


class RealisedSerializer(serializers.ModelSerializer):
    engagement = serializers.SlugField(source="line.case.engagement.slug")
    case = serializers.IntegerField(source="line.case_id")
    line = serializers.IntegerField(source="line_id")
    currency = serializers.CharField(source="line.case.currency")

    class Meta:
        model = RealisedValue
        fields = [
            "id", "engagement", "case", "line", "currency", "period_from", "period_to", "amount", "hours", "reason", "source", "confidence", "state",
            "comment", "recorded_on", "decided_on", "decided_by",
        ]  # fmt: skip


class RealisedChangesSerializer(PeriodSerializer):
    amount = serializers.CharField(help_text="Positive for benefits and for costs.")
    hours = serializers.CharField(required=False, help_text="Of hours released alone.")
    reason = serializers.CharField(required=False, allow_blank=True, help_text="Why it differs from what was estimated.")


class NewRealisedSerializer(RealisedChangesSerializer):
    line = serializers.IntegerField()


class MetricSnapshotSerializer(serializers.ModelSerializer):
    engagement = serializers.SlugField(source="engagement.slug")
    deliverable = serializers.IntegerField(source="deliverable_id", allow_null=True, help_text="null: the whole engagement")
    values = serializers.JSONField(help_text="Headline figures; not measured is null, money is a decimal string.")

    class Meta:
        model = MetricSnapshot
        fields = ["engagement", "deliverable", "day", "definition_version", "data_until", "computed_at", "values"]
