"""What programs read and send of a weekly update."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from customers.models import Stakeholder
from engagements.api.serializers import WeeklyUpdateSerializer
from engagements.models import Ask, LineKind, LineOrigin, Rating, WeeklyUpdate
from engagements.selectors.weekly_update import Line, lines_of

MOST_ROWS = 60


class LineSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(choices=LineKind.choices)
    text = serializers.CharField(max_length=500)
    is_shared = serializers.BooleanField(default=True, help_text="Whether the customer reads it, as it is worded here.")
    evidence_link = serializers.URLField(required=False, allow_blank=True, default="")

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        if data["kind"] == LineKind.NOTE and data["is_shared"]:
            raise serializers.ValidationError({"is_shared": _("A note to the team is never shared.")})
        return data


class StoredLineSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(choices=LineKind.choices)
    text = serializers.CharField()
    is_shared = serializers.BooleanField()
    evidence_link = serializers.CharField()
    origin = serializers.ChoiceField(choices=LineOrigin.choices)


class AskSerializer(serializers.Serializer):
    id = serializers.IntegerField(required=False, allow_null=True, help_text="Of an ask of this draft; without, it is a new one.")
    text = serializers.CharField(max_length=300)
    stakeholder = serializers.PrimaryKeyRelatedField(
        queryset=Stakeholder.objects.none(), required=False, allow_null=True, help_text="A person of the customer."
    )
    due_on = serializers.DateField(required=False, allow_null=True)
    consequence = serializers.CharField(max_length=200, required=False, allow_blank=True)

    def get_fields(self) -> dict[str, serializers.Field]:
        fields = super().get_fields()
        if engagement := self.context.get("engagement"):
            people = Stakeholder.objects.visible_to(self.context["request"].user).current()
            fields["stakeholder"].queryset = people.filter(customer=engagement.customer_id, left_on=None)
        return fields


class StoredAskSerializer(serializers.ModelSerializer):
    stakeholder = serializers.IntegerField(source="stakeholder_id", allow_null=True)

    class Meta:
        model = Ask
        fields = ["id", "text", "stakeholder", "due_on", "consequence", "state"]


class WeekToOpenSerializer(serializers.Serializer):
    engagement = serializers.SlugField()
    iso_year = serializers.IntegerField(min_value=2000, max_value=2100)
    iso_week = serializers.IntegerField(min_value=1, max_value=53)


class WeekContentSerializer(serializers.Serializer):
    """Every field may be left out; `lines` and `asks` are replaced as a whole."""

    headline = serializers.CharField(max_length=140, allow_blank=True, required=False)
    schedule_rating = serializers.ChoiceField(choices=Rating.choices, allow_blank=True, required=False)
    adoption_rating = serializers.ChoiceField(choices=Rating.choices, allow_blank=True, required=False)
    value_rating = serializers.ChoiceField(choices=Rating.choices, allow_blank=True, required=False)
    relationship_rating = serializers.ChoiceField(choices=Rating.choices, allow_blank=True, required=False)
    gap_reason = serializers.CharField(
        max_length=200, allow_blank=True, required=False, help_text="Why a rating is two bands from the computed health. Internal."
    )
    lines = LineSerializer(many=True, max_length=MOST_ROWS, required=False)
    asks = AskSerializer(many=True, max_length=MOST_ROWS, required=False)


class WeekSerializer(WeeklyUpdateSerializer):
    """One revision, read as a whole."""

    gap_reason = serializers.CharField(read_only=True)
    lines = serializers.SerializerMethodField()
    asks = StoredAskSerializer(many=True, read_only=True, source="current_asks")

    class Meta(WeeklyUpdateSerializer.Meta):
        model = WeeklyUpdate
        fields = [*WeeklyUpdateSerializer.Meta.fields, "gap_reason", "lines", "asks"]

    def get_lines(self, update: WeeklyUpdate) -> StoredLineSerializer(many=True):  # type: ignore[valid-type]
        update = WeeklyUpdate.objects.prefetch_related("shared_lines", "internal_lines").get(pk=update.pk)
        lines: tuple[Line, ...] = lines_of(update)
        return StoredLineSerializer(lines, many=True).data
