"""Usage from programs: `POST /api/v1/usage/batches` with the token of one source. docs/usage.md shows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from itertools import chain
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.http import parse_header_parameters
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import APIException, AuthenticationFailed, NotFound, ParseError, UnsupportedMediaType
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from engagements.api.usage_schema import BATCH, RECEIPT, REFUSED, ROW
from engagements.intake.files import NotJson, read_rows
from engagements.intake.rows import ROWS_AT_ONCE, RowsRejected, TooManyRows, UsageLine, content_hash_of
from engagements.intake.texts import BrokenGzip, unpacked
from engagements.models import UsageBatch, UsageSource, UsageToken
from engagements.selectors.usage import row_reader
from engagements.services.usage_loading import plain
from engagements.services.usage_loads import load_usage, receive_in_chunks
from engagements.services.usages import BatchKeyReused, Receipt, receive_usage_batch
from fde_portal.accounts.api import bearer_secret, note_use
from fde_portal.accounts.tokens import digest_of

LONGEST_KEY = 200
CHARSETS = {"utf-8": "utf-8", "utf8": "utf-8", "gb18030": "gb18030", "gbk": "gb18030", "gb2312": "gb18030"}
FORMATS = {
    "application/json": "json",
    "application/x-ndjson": "ndjson",
    "application/ndjson": "ndjson",
    "application/jsonl": "ndjson",
    "text/csv": "csv",
}
MODES = ("whole", "partial", "check")
# Ten thousand rows with every column filled are about 3 MB. What is larger is not read into memory.
INLINE_BYTES = 4 * 1024 * 1024
PIECE = 256 * 1024


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
    """Appends one batch to the source of the token: whole, or not at all, unless `?mode=partial`."""

    authentication_classes = [UsageTokenAuthentication]
    permission_classes = [HoldsUsageToken]

    @extend_schema(
        tags=["usage"],
        parameters=[
            OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER, required=True),
            OpenApiParameter("Content-Encoding", str, OpenApiParameter.HEADER, enum=["identity", "gzip"]),
            OpenApiParameter("mode", str, enum=MODES, description="partial: take the valid rows, name the others; check: store nothing"),
        ],
        request={"application/json": BATCH, "application/x-ndjson": ROW, "text/csv": {"type": "string"}},
        responses={200: RECEIPT, 201: RECEIPT, 202: RECEIPT, 422: REFUSED},
    )
    def post(self, request: Request) -> Response:
        sending = Sending(request, request.auth, timezone.now())
        try:
            return Response(sending.check()) if sending.mode == "check" else answer(sending.receive())
        except RowsRejected as fault:
            return Response(refused(fault), status=422)
        except BatchKeyReused:
            raise KeyConflict(_("This Idempotency-Key was used before for other content. Nothing was stored.")) from None


class UsageBatchReceipt(APIView):
    """What became of one batch of the token's source."""

    authentication_classes = [UsageTokenAuthentication]
    permission_classes = [HoldsUsageToken]

    @extend_schema(tags=["usage"], responses={200: RECEIPT})
    def get(self, request: Request, sequence: int) -> Response:
        batches = UsageBatch.objects.filter(source=request.auth.source_id, sequence=sequence)
        batch = batches.exclude(state=UsageBatch.State.RECEIVING).first()
        if batch is None:
            raise NotFound(_("This source has no such batch."))
        return Response(receipt_values(Receipt(batch, replayed=False)))


class Sending:
    """One request that brings rows: its key, its body, and how both are taken in. Answers of the API are raised."""

    def __init__(self, request: Request, token: UsageToken, now: datetime) -> None:
        self.request, self.token, self.now = request, token, now
        self.mode = mode_of(request)
        self.key = "" if self.mode == "check" else idempotency_key(request)
        self.file_format, self.encoding = body_format(request)
        self.takes_parts = self.mode == "partial"
        self.source = token.source

    def check(self) -> dict[str, Any]:
        """Say what would come in of a small body, and store nothing. Raises RowsRejected."""
        try:
            content, rest = begin_of(body_pieces(self.request), INLINE_BYTES)
            if rest:
                raise TooManyRows(ROWS_AT_ONCE)
            rows = self.read(content)
        except (BrokenGzip, NotJson) as fault:
            raise ParseError(str(fault) or _("The body is not whole gzip data.")) from None
        except TooManyRows as fault:
            raise TooLarge(str(fault)) from None
        days = [line.day for line in rows]
        return {"state": "checked", "rows": len(rows), "first_day": min(days).isoformat(), "last_day": max(days).isoformat()}

    def read(self, content: bytes) -> list[UsageLine]:
        reader = row_reader(self.source, self.now)
        return read_rows([content], self.file_format, reader, limit=ROWS_AT_ONCE, encoding=self.encoding)

    def receive(self) -> Receipt:
        """Take a small body in at once, a larger one in chunks. Raises RowsRejected, BatchKeyReused."""
        try:
            first, rest = begin_of(body_pieces(self.request), INLINE_BYTES)
            if not rest and not self.takes_parts:
                with suppress(TooManyRows):
                    return self.receive_at_once(first)
            return self.receive_in_chunks(chain([first], rest or ()), small=not rest)
        except BrokenGzip:
            raise ParseError(_("The body is not whole gzip data.")) from None
        except NotJson as fault:
            raise ParseError(str(fault)) from None

    def receive_at_once(self, content: bytes) -> Receipt:
        rows = self.read(content)
        return receive_usage_batch(
            source=self.source, rows=rows, key=self.key, content_hash=content_hash_of(rows),
            by=None, now=self.now, label=str(self.token),
        )  # fmt: skip

    def receive_in_chunks(self, pieces: Iterable[bytes], *, small: bool) -> Receipt:
        receipt = receive_in_chunks(
            pieces, source=self.source, key=self.key, by=None, now=self.now, label=str(self.token),
            format=self.file_format, encoding=self.encoding, takes_parts=self.takes_parts,
        )  # fmt: skip
        if small and self.takes_parts and receipt.batch.is_on_its_way:
            load_usage(receipt.batch.pk, now=self.now)
            receipt.batch.refresh_from_db()
        return receipt


def begin_of(pieces: Iterator[bytes], most: int) -> tuple[bytes, Iterator[bytes] | None]:
    """Return the content when it is at most `most` bytes and None, else its begin and the pieces that follow."""
    begin = bytearray()
    for piece in pieces:
        begin += piece
        if len(begin) > most:
            return bytes(begin), pieces
    return bytes(begin), None


def body_pieces(request: Request) -> Iterator[bytes]:
    """Yield the body piece by piece, unpacked, and never more than is allowed. Raises TooLarge, BrokenGzip."""
    most = settings.USAGE_MOST_BYTES
    if int(request.META.get("CONTENT_LENGTH") or 0) > most:
        raise TooLarge(_("The body is too large. Send it in parts, each with its own key."))
    # Below DRF: its `data` would read and parse everything.
    stream = request._request
    pieces = iter(lambda: stream.read(PIECE), b"")
    size = 0
    for piece in unpacked(pieces) if content_encoding(request) == "gzip" else pieces:
        size += len(piece)
        if size > most:
            raise TooLarge(_("The body is too large. Send it in parts, each with its own key."))
        yield piece


def content_encoding(request: Request) -> str:
    encoding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in ("identity", "gzip"):
        raise UnsupportedMediaType(encoding, detail=_("Send the body as it is, or with Content-Encoding gzip."))
    return encoding


def body_format(request: Request) -> tuple[str, str]:
    """Return format and text encoding of the body."""
    kind, parameters = parse_header_parameters(request.META.get("CONTENT_TYPE", ""))
    encoding = CHARSETS.get(parameters.get("charset", "utf-8").lower())
    file_format = FORMATS.get(kind)
    if file_format is None or encoding is None or (file_format != "csv" and encoding != "utf-8"):
        message = _("Send application/json or application/x-ndjson in UTF-8, or text/csv in UTF-8 or GB18030.")
        raise UnsupportedMediaType(kind, detail=message)
    content_encoding(request)
    return file_format, encoding


def mode_of(request: Request) -> str:
    mode = request.query_params.get("mode", "whole")
    if mode not in MODES:
        raise ParseError(_("The mode is “whole”, “partial” or “check”."))
    return mode


def idempotency_key(request: Request) -> str:
    key = request.headers.get("Idempotency-Key", "").strip()
    if not key:
        raise ParseError(_("Send the header Idempotency-Key: the same for a repetition, another for each new batch."))
    if len(key) > LONGEST_KEY or not (key.isascii() and key.isprintable()):
        raise ParseError(_("The header Idempotency-Key holds at most %(longest)s printable ASCII characters.") % {"longest": LONGEST_KEY})
    return key


def refused(fault: RowsRejected) -> dict[str, Any]:
    return {"detail": _("Nothing was stored. Correct these values and send the batch again."), "errors": plain(fault.errors)}


def receipt_values(receipt: Receipt) -> dict[str, Any]:
    """What a receipt says; what a large or partial delivery alone has is left out of the others."""
    batch = receipt.batch
    values = {
        "batch": batch.sequence,
        "state": batch.state,
        "replayed": receipt.replayed,
        "rows": receipt.row_count,
        "first_day": receipt.first_day and receipt.first_day.isoformat(),
        "last_day": receipt.last_day and receipt.last_day.isoformat(),
    }
    if batch.source.kind == UsageSource.Kind.EVENTS:
        values["repeated"] = batch.repeated_count
    if batch.size:
        values |= {"refused": batch.refused_count, "errors": batch.errors, "progress": batch.progress}
    return values


def answer(receipt: Receipt) -> Response:
    status = 202 if receipt.batch.is_on_its_way else 200 if receipt.replayed else 201
    if receipt.batch.state == UsageBatch.State.FAILED:
        status = 422
    place = reverse("api_usage_batch", args=[receipt.batch.sequence])
    return Response(receipt_values(receipt), status=status, headers={"Location": place})
