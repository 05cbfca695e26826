"""What surrounds every request: a log line and the counters of `/metrics`."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject, empty

from fde_portal.core.telemetry import count_request

logger = structlog.get_logger("fde_portal.request")
REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
# Asked every few seconds by machines, or by browsers beside each page.
QUIET_ROUTES = {"healthz", "readyz", "metrics", "offline_worker"}


def observed(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: give the request an id, answer with it, log and count the request by its route."""

    def middleware(request: HttpRequest) -> HttpResponse:
        begin, request_id = time.perf_counter(), id_of(request)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        response = get_response(request)
        response["X-Request-ID"] = request_id
        note(request, response, seconds=time.perf_counter() - begin)
        return response

    return middleware


def id_of(request: HttpRequest) -> str:
    """The id a proxy gave the request, if it looks like one, else a new one."""
    given = request.headers.get("X-Request-ID", "")
    return given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex


def note(request: HttpRequest, response: HttpResponse, *, seconds: float) -> None:
    route = route_of(request)
    count_request(route=route, method=request.method, status=response.status_code, seconds=seconds)
    log = logger.debug if route in QUIET_ROUTES else logger.info
    log(
        "request",
        route=route,
        method=request.method,
        status=response.status_code,
        ms=round(seconds * 1000, 1),
        person=person_of(request),
    )


def route_of(request: HttpRequest) -> str:
    """The name of the page; "unknown" where no page answers, whatever the path was."""
    match = request.resolver_match
    return (match and match.view_name) or "unknown"


def person_of(request: HttpRequest) -> int | None:
    """Who asked, if the page asked too: reading it here would cost open pages a look at the session."""
    person = getattr(request, "user", None)
    if isinstance(person, SimpleLazyObject) and person._wrapped is empty:
        return None
    return getattr(person, "pk", None)
