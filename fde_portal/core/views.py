"""Pages for operators: health, figures and, in the demo, the mailbox."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from fde_portal.core.health import findings
from fde_portal.core.models import OutgoingMail
from fde_portal.core.telemetry import exposition

MAILS_PER_PAGE = 50
LOOPBACK = ("127.0.0.1", "::1")
# Parts of the names of fields that hold secrets.
SECRETS = ("token", "password", "code")
SHORTEST_TEXT = 20  # of what is worth copying


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token, as after cookies were cleared: our own page, with the texts to copy."""
    fields = [(name, text) for name, texts in request.POST.lists() for text in texts if len(text) >= SHORTEST_TEXT]
    typed = [text for name, text in fields if not any(secret in name for secret in SECRETS)]
    return render(request, "403_csrf.html", {"typed": typed}, status=403)


@require_safe
@never_cache
@login_not_required
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers. Touches neither database nor broker."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
@login_not_required
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when the installation can do its work, else 503; each fact by name."""
    found = findings(now=timezone.now())
    ready = all(fact.ok for fact in found)
    facts = {fact.name: fact.as_json() for fact in found}
    body = {"status": "ok" if ready else "unavailable", "checks": facts}
    return JsonResponse(body, status=200 if ready else 503)


@require_safe
@never_cache
@login_not_required
def metrics(request: HttpRequest) -> HttpResponse:
    """Figures for Prometheus; a 404 for everybody else."""
    if not may_read_metrics(request):
        raise Http404
    return HttpResponse(exposition(now=timezone.now()), content_type=CONTENT_TYPE_LATEST)


def may_read_metrics(request: HttpRequest) -> bool:
    """Whoever knows METRICS_TOKEN; without one, programs on this machine that ask directly."""
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "").encode()
        return constant_time_compare(given, f"Bearer {settings.METRICS_TOKEN}".encode())
    # What a proxy on this machine passes on comes from loopback too.
    passed_on = {"X-Forwarded-For", "X-Forwarded-Proto", "Forwarded", "Via"} & set(request.headers)
    return request.META["REMOTE_ADDR"] in LOOPBACK and not passed_on


@method_decorator([login_not_required, never_cache], name="dispatch")
class MailboxView(View):
    """All messages of the demo, newest first, or those to one recipient."""

    def get(self, request: HttpRequest) -> HttpResponse:
        require_demo()
        recipient = request.GET.get("to", "").strip()
        mails = OutgoingMail.objects.filter(recipient__icontains=recipient)
        page = Paginator(mails, MAILS_PER_PAGE).get_page(request.GET.get("page"))
        return render(request, "mailbox/list.html", {"page": page, "recipient": recipient})


@method_decorator([login_not_required, never_cache], name="dispatch")
class MailView(View):
    """One message of the demo as plain text."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        require_demo()
        mail = get_object_or_404(OutgoingMail, pk=pk)
        return render(request, "mailbox/detail.html", {"mail": mail})


def require_demo() -> None:
    """Raise Http404 outside the demo, where mail is private."""
    if not settings.DEMO:
        raise Http404
