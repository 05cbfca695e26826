"""Reports of errors to Sentry, for installations that name one: kinds and places, nothing of anybody's."""

from __future__ import annotations

from typing import Any

import sentry_sdk
from sentry_sdk.integrations.celery import CeleryIntegration
from sentry_sdk.integrations.django import DjangoIntegration
from sentry_sdk.integrations.logging import LoggingIntegration

Event = dict[str, Any]

# Everything else in an event may hold a person, an address that is a key, or what somebody typed.
KEPT = {"event_id", "timestamp", "platform", "level", "release", "environment", "exception", "sdk", "transaction"}


def report_errors(dsn: str, **options: Any) -> None:
    """Send unhandled errors of web and worker to `dsn`."""
    sentry_sdk.init(
        dsn=dsn,
        send_default_pii=False,
        include_local_variables=False,
        include_source_context=False,
        max_breadcrumbs=0,
        max_request_body_size="never",
        before_send=bare,
        default_integrations=False,
        auto_enabling_integrations=False,
        # The name of the function: a path may be a key.
        integrations=[
            DjangoIntegration(transaction_style="function_name", cache_spans=False, signals_spans=False),
            CeleryIntegration(),
            LoggingIntegration(level=None, event_level=None),
        ],
        **options,
    )


def bare(event: Event, hint: Event) -> Event:
    """Keep the kinds and the places of an error."""
    kept = {name: value for name, value in event.items() if name in KEPT}
    for exception in kept.get("exception", {}).get("values", []):
        exception.pop("value", None)
        exception.get("mechanism", {}).pop("data", None)
    return kept
