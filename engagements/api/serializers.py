"""The shapes of the read API. Sources are paths, so that a list is one statement without instances."""

from rest_framework import serializers

from customers.models import Customer
from engagements.models import (
    Deliverable,
    Engagement,
    MetricSnapshot,
    Milestone,
    Observation,
    OutcomeAgreement,
    WeeklyUpdate,
)


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
            "planned_on", "forecast_on", "actual_on", "is_shared",
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


class NewObservationSerializer(serializers.Serializer):
    """What a program sends. The rules are those of the form; dates are ISO, figures decimal strings or numbers."""

    agreement = serializers.IntegerField()
    period_from = serializers.CharField()
    period_to = serializers.CharField(help_text="The last day it covers.")
    numerator = serializers.CharField()
    denominator = serializers.CharField(required=False)
    source = serializers.CharField(required=False, allow_blank=True)
    confidence = serializers.CharField(required=False, help_text="observed, calculated, estimated or assumed")


class MetricSnapshotSerializer(serializers.ModelSerializer):
    engagement = serializers.SlugField(source="engagement.slug")
    deliverable = serializers.IntegerField(source="deliverable_id", allow_null=True, help_text="null: the whole engagement")
    values = serializers.JSONField(help_text="Headline figures; not measured is null, money is a decimal string.")

    class Meta:
        model = MetricSnapshot
        fields = ["engagement", "deliverable", "day", "definition_version", "data_until", "computed_at", "values"]
