"""Where code hosts tell what was pushed and merged. The signature is the key; no person is signed in."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from engagements.intake.work import Work, WorkRejected, read_github, read_gitlab
from engagements.models import WorkSource
from engagements.services.work_items import take_in_work

Reader = Callable[[str, Any], list[Work]]
READERS: dict[str, tuple[str, Reader]] = {
    WorkSource.Kind.GITHUB: ("X-GitHub-Event", read_github),
    WorkSource.Kind.GITLAB: ("X-Gitlab-Event", read_gitlab),
}


@method_decorator([csrf_exempt, login_not_required], name="dispatch")
class WorkHook(View):
    """Takes in one signed delivery. An unknown source and a wrong signature look the same: 403, and nothing is stored."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> JsonResponse:
        source = WorkSource.objects.current().filter(pk=pk, kind__in=list(READERS)).first()
        try:
            body = request.body
        except RequestDataTooBig:
            return JsonResponse({"error": "The delivery is too large."}, status=413)
        if source is None or not is_signed(source, request, body):
            return JsonResponse({"error": "Unknown source, or wrong signature."}, status=403)
        header, read = READERS[source.kind]
        try:
            found = read(request.headers.get(header, ""), json.loads(body))
        except (ValueError, RecursionError):
            return JsonResponse({"error": "The body is not JSON."}, status=400)
        except WorkRejected as fault:
            return JsonResponse({"error": str(fault)}, status=400)
        taken = take_in_work(source=source, found=found, now=timezone.now())
        return JsonResponse({"new": taken.new, "known": taken.known, "ignored": taken.ignored})


def is_signed(source: WorkSource, request: HttpRequest, body: bytes) -> bool:
    if source.kind == WorkSource.Kind.GITLAB:
        return constant_time_compare(request.headers.get("X-Gitlab-Token", ""), source.secret)
    signature = "sha256=" + hmac.new(source.secret.encode(), body, sha256).hexdigest()
    return constant_time_compare(request.headers.get("X-Hub-Signature-256", ""), signature)
