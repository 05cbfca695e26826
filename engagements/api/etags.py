"""Changes that lose nobody's text: whoever changes a record names in If-Match the ETag they read.

Without it the answer is 428, and 412 when somebody saved in between. Nothing is written then.
"""

from __future__ import annotations

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import status
from rest_framework.exceptions import APIException
from rest_framework.request import Request

from fde_portal.core.models import Versioned

DETAIL = {"type": "object", "properties": {"detail": {"type": "string"}}}
IF_MATCH = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, required=True, description="The ETag that was read.")
UNMATCHED = {
    412: OpenApiResponse(DETAIL, "Somebody saved in between. Nothing was written."),
    428: OpenApiResponse(DETAIL, "If-Match is missing."),
}


class PreconditionRequired(APIException):
    status_code = status.HTTP_428_PRECONDITION_REQUIRED
    default_detail = "Send If-Match with the ETag you read."


class PreconditionFailed(APIException):
    status_code = status.HTTP_412_PRECONDITION_FAILED

    def __init__(self) -> None:
        super().__init__(_("Somebody saved this after you read it. Nothing was written: read it again."))


class StateConflict(APIException):
    status_code = status.HTTP_409_CONFLICT


def etag_of(record: Versioned) -> str:
    return f'"{record.pk}-{record.version}"'


def require_match(request: Request, record: Versioned) -> None:
    """Raises PreconditionRequired or PreconditionFailed unless the caller read the record as it is."""
    given = request.headers.get("If-Match")
    if given is None:
        raise PreconditionRequired
    if etag_of(record) not in [tag.strip() for tag in given.split(",")]:
        raise PreconditionFailed
