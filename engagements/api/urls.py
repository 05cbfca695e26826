"""Addresses of the REST API, version 1."""

from django.urls import include, path
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework.routers import SimpleRouter

from engagements.api import figures, records, updates, usages, value_lines

router = SimpleRouter()
router.register("customers", records.CustomersView, basename="api_customers")
router.register("engagements", records.EngagementsView, basename="api_engagements")
router.register("deliverables", records.DeliverablesView, basename="api_deliverables")
router.register("milestones", records.MilestonesView, basename="api_milestones")
router.register("updates", updates.WeeklyUpdatesView, basename="api_updates")
router.register("outcomes", records.OutcomesView, basename="api_outcomes")
router.register("observations", figures.ObservationsView, basename="api_observations")
router.register("value-cases", records.ValueCasesView, basename="api_value_cases")
router.register("value-lines", value_lines.ValueLinesView, basename="api_value_lines")
router.register("realised-values", figures.RealisedView, basename="api_realised_values")
router.register("metrics", records.MetricsView, basename="api_metrics")

urlpatterns = [
    path("schema/", SpectacularJSONAPIView.as_view(), name="api_schema"),
    path("usage/batches", usages.UsageBatches.as_view(), name="api_usage_batches"),
    path("usage/batches/<int:sequence>", usages.UsageBatchReceipt.as_view(), name="api_usage_batch"),
    path("", include(router.urls)),
]
