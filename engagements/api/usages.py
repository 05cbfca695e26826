"""Usage from programs: `POST /api/v1/usage/batches` with the token of one source. docs/usage.md shows it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.utils import timezone
from django.utils.http import parse_header_parameters
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import APIException, AuthenticationFailed, ParseError, UnsupportedMediaType
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from engagements.api.usage_schema import BATCH, RECEIPT, REFUSED
from engagements.intake.files import NotJson, read_csv, read_json
from engagements.intake.rows import ROWS_AT_ONCE, RowsRejected, TooManyRows, UsageLine, content_hash_of
from engagements.metrics.periods import local_day
from engagements.models import UsageSource, UsageToken
from engagements.services.usages import BatchKeyReused, Receipt, receive_usage_batch
from fde_portal.accounts.api import bearer_secret, note_use
from fde_portal.accounts.tokens import digest_of

LONGEST_KEY = 200
CHARSETS = {"utf-8": "utf-8", "utf8": "utf-8", "gb18030": "gb18030", "gbk": "gb18030", "gb2312": "gb18030"}


class TooLarge(APIException):
    status_code = 413


class KeyConflict(APIException):
    status_code = 409


class UsageTokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer fdeu_…` acts for one usage source; there is no person behind it."""

    def authenticate(self, request: Request) -> tuple[None, UsageToken] | None:
        secret = bearer_secret(request)
        if secret is None:
            return None
        # Only digests are compared: how long the look-up takes says nothing about a secret.
        tokens = UsageToken.objects.select_related("source__deliverable__engagement")
        token = tokens.filter(digest=digest_of(secret), source__archived_at=None).first()
        if token is None or not token.is_usable(timezone.now()):
            raise AuthenticationFailed(_("This token is unknown, has expired or was revoked."))
        note_use(token)
        return None, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class UsageTokenScheme(OpenApiAuthenticationExtension):
    target_class = UsageTokenAuthentication
    name = "usageToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}


class HoldsUsageToken(BasePermission):
    def has_permission(self, request: Request, view: APIView) -> bool:
        return isinstance(request.auth, UsageToken)


class UsageBatches(APIView):
    """Appends one batch to the source of the token: whole, or not at all."""

    authentication_classes = [UsageTokenAuthentication]
    permission_classes = [HoldsUsageToken]

    @extend_schema(
        tags=["usage"],
        parameters=[OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER, required=True)],
        request={"application/json": BATCH, "text/csv": {"type": "string"}},
        responses={200: RECEIPT, 201: RECEIPT, 422: REFUSED},
    )
    def post(self, request: Request) -> Response:
        token, now = request.auth, timezone.now()
        try:
            key, rows = idempotency_key(request), read_rows(request, token.source, now)
        except RowsRejected as fault:
            return Response(refused(fault), status=422)
        return answer(receive(token, key, rows, now))


def receive(token: UsageToken, key: str, rows: list[UsageLine], now: datetime) -> Receipt:
    try:
        return receive_usage_batch(
            source=token.source, rows=rows, key=key, content_hash=content_hash_of(rows), by=None, now=now, label=str(token)
        )
    except BatchKeyReused:
        raise KeyConflict(_("This Idempotency-Key was used before for other content. Nothing was stored.")) from None


def idempotency_key(request: Request) -> str:
    key = request.headers.get("Idempotency-Key", "").strip()
    if not key:
        raise ParseError(_("Send the header Idempotency-Key: the same for a repetition, another for each new batch."))
    if len(key) > LONGEST_KEY or not (key.isascii() and key.isprintable()):
        raise ParseError(_("The header Idempotency-Key holds at most %(longest)s printable ASCII characters.") % {"longest": LONGEST_KEY})
    return key


def read_rows(request: Request, source: UsageSource, now: datetime) -> list[UsageLine]:
    """Return the rows of the body. Raises RowsRejected, and answers of the API for all else."""
    kind, parameters = parse_header_parameters(request.META.get("CONTENT_TYPE", ""))
    encoding = CHARSETS.get(parameters.get("charset", "utf-8").lower())
    zone = source.deliverable.engagement.zone
    options = {"zone": zone, "today": local_day(now, zone), "limit": ROWS_AT_ONCE}
    try:
        if kind == "application/json" and encoding == "utf-8":
            return read_json(request.body, **options)
        if kind == "text/csv" and encoding:
            return read_csv(request.body, encoding=encoding, **options)
    except NotJson as fault:
        raise ParseError(str(fault)) from None
    except TooManyRows as fault:
        raise TooLarge(str(fault)) from None
    except RequestDataTooBig:
        raise TooLarge(_("The body is too large. Send it in parts, each with its own key.")) from None
    message = _("Send application/json in UTF-8, or text/csv in UTF-8 or GB18030.")
    raise UnsupportedMediaType(kind, detail=message)


def refused(fault: RowsRejected) -> dict[str, Any]:
    errors = [error._asdict() for error in fault.errors]
    return {"detail": _("Nothing was stored. Correct these values and send the batch again."), "errors": errors}


def answer(receipt: Receipt) -> Response:
    values = {
        "batch": receipt.batch.sequence,
        "state": receipt.batch.state,
        "replayed": receipt.replayed,
        "rows": receipt.row_count,
        "first_day": receipt.first_day.isoformat(),
        "last_day": receipt.last_day.isoformat(),
    }
    return Response(values, status=200 if receipt.replayed else 201)
