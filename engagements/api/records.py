"""Reading records: lists and single objects, each through the caller's scope."""

from __future__ import annotations

from functools import cache
from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, viewsets
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from engagements.api import filters, serializers
from engagements.models import Engagement, MetricSnapshot, WeeklyUpdate
from fde_portal.accounts.permissions import Permission


class RecordList(mixins.ListModelMixin, viewsets.GenericViewSet):
    """One kind of record. Rows are plain values read by the serializer's sources, one statement a page."""

    permission: ClassVar[Permission] = Permission.VIEW_RECORDS
    write_permission: ClassVar[Permission | None] = None  # where writing needs another one

    def get_queryset(self) -> QuerySet:
        model = self.serializer_class.Meta.model
        if getattr(self, "swagger_fake_view", False):  # the schema is drawn without a person
            return model.objects.none()
        return self.narrow(model.objects.visible_to(self.request.user))

    def narrow(self, rows: QuerySet) -> QuerySet:
        """Leave out what the API does not list. Archived records stay out."""
        return rows.filter(archived_at=None)

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """Without parameters there is nothing to filter by, and building the form is a tenth of the answer."""
        return super().filter_queryset(queryset) if self.request.query_params else queryset

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        names, paths = names_and_paths(self.serializer_class)
        rows = self.filter_queryset(self.get_queryset()).values_list(*paths)
        page = self.paginate_queryset(rows)
        return self.get_paginated_response([dict(zip(names, row, strict=True)) for row in page])


class RecordsView(mixins.RetrieveModelMixin, RecordList):
    """A list, and each record of it on its own."""

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        names, paths = names_and_paths(self.serializer_class)
        key = {self.lookup_field: self.kwargs[self.lookup_url_kwarg or self.lookup_field]}
        row = self.get_queryset().filter(**key).values_list(*paths).first()
        if row is None:
            raise NotFound
        return Response(dict(zip(names, row, strict=True)))


@cache
def names_and_paths(serializer: type[Serializer]) -> tuple[list[str], list[str]]:
    """Field names and, in the same order, the paths of the ORM they are read from."""
    fields = serializer().fields
    return list(fields), [field.source.replace(".", "__") for field in fields.values()]


class BySlug:
    lookup_field = "slug"


@extend_schema(tags=["customers"])
class CustomersView(BySlug, RecordsView):
    """Companies the caller works with."""

    serializer_class = serializers.CustomerSerializer
    filterset_fields = ["industry", "region"]


@extend_schema(tags=["engagements"])
class EngagementsView(BySlug, RecordsView):
    """Engagements the caller may see, with the newest health and weekly users."""

    serializer_class = serializers.EngagementSerializer
    filterset_class = filters.EngagementFilter

    def narrow(self, rows: QuerySet) -> QuerySet[Engagement]:
        return super().narrow(rows).order_by("slug")


class OfEngagement(RecordsView):
    filterset_class: ClassVar[type[filters.OfEngagementFilter]] = filters.OfEngagementFilter

    def narrow(self, rows: QuerySet) -> QuerySet:
        return super().narrow(rows).filter(engagement__archived_at=None).order_by("id")


@extend_schema(tags=["deliverables"])
class DeliverablesView(OfEngagement):
    serializer_class = serializers.DeliverableSerializer
    filterset_class = filters.DeliverableFilter


@extend_schema(tags=["milestones"])
class MilestonesView(OfEngagement):
    serializer_class = serializers.MilestoneSerializer


@extend_schema(tags=["updates"])
class UpdatesView(OfEngagement):
    """Weekly updates of all states, newest week first."""

    serializer_class = serializers.WeeklyUpdateSerializer
    filterset_class = filters.UpdateFilter

    def narrow(self, rows: QuerySet) -> QuerySet[WeeklyUpdate]:
        return super().narrow(rows).order_by("-iso_year", "-iso_week", "-revision", "id")


@extend_schema(tags=["outcomes"])
class OutcomesView(OfEngagement):
    """Agreed outcomes with their lines and the people who answer for them."""

    serializer_class = serializers.OutcomeAgreementSerializer
    filterset_class = filters.OutcomeFilter


@extend_schema(tags=["value"])
class ValueCasesView(OfEngagement):
    """Value cases; the newest of an engagement is its headline, whose figures are in `metrics/`."""

    serializer_class = serializers.ValueCaseSerializer
    filterset_class = filters.ValueCaseFilter


@extend_schema(tags=["metrics"])
class MetricsView(RecordList):
    """Headline figures as the worker stored them, by subject and day, newest first."""

    serializer_class = serializers.MetricSnapshotSerializer
    filterset_class = filters.MetricFilter

    def narrow(self, rows: QuerySet) -> QuerySet[MetricSnapshot]:
        return rows.filter(engagement__archived_at=None).order_by("-day", "engagement_id", "deliverable_id")
