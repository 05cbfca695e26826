"""The pulse of the front line: asked by the team, answered behind a link or a code on the wall."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.decorators import method_decorator
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.csrf import csrf_exempt
from qrcode import make
from qrcode.image.svg import SvgPathImage

from engagements.forms.front_line_pulses import FrontLineAnswerForm, FrontLinePulseForm
from engagements.models import FrontLinePulse
from engagements.selectors.front_line_pulse import front_line_results, open_pulse
from engagements.selectors.share import UNKNOWN_KEYS
from engagements.services.front_line_pulses import (
    close_front_line_pulse,
    give_front_line_answer,
    open_front_line_pulse,
)
from engagements.views.link_view import keep_key, keep_private, refuse_other_sites, too_many_tries
from engagements.views.pages import EngagementView
from fde_portal.accounts.access import PortalRequest
from fde_portal.accounts.clients import network_of
from fde_portal.accounts.permissions import Permission
from fde_portal.core.tries import Limit

# A whole shift stands behind one address; a flood from one place or over one code ends all the same.
FROM_ONE_PLACE = Limit(name="front-line answers from one place", most=40, window=timedelta(minutes=10))
OF_ONE_PULSE = Limit(name="front-line answers of a pulse", most=600, window=timedelta(hours=1))


class FrontLineView(EngagementView):
    """Pages of the team: they share, so they need the right to."""

    permission = Permission.SHARE
    write_permission = Permission.SHARE
    tab = "engagement_sharing"

    def list_url(self) -> str:
        return reverse("front_line", args=[self.engagement.slug])


class FrontLine(FrontLineView):
    """The questions and what was answered."""

    def get(self, request: PortalRequest, **kwargs: Any) -> HttpResponse:
        return self.show("engagements/front_line/list.html", {"results": front_line_results(self.engagement)})


class FrontLineNew(FrontLineView):
    """Asks a question. The link and its code are on the answer to the form and nowhere else."""

    def get(self, request: PortalRequest, **kwargs: Any) -> HttpResponse:
        language = self.engagement.customer.language
        with translation.override(language):
            question = _("Does the tool make your work easier?")
        return self.show_form(FrontLinePulseForm(initial={"language": language, "question": question}))

    def post(self, request: PortalRequest, **kwargs: Any) -> HttpResponse:
        form = FrontLinePulseForm(request.POST)
        if not form.is_valid():
            return self.show_form(form, status=422)
        pulse, secret = open_front_line_pulse(engagement=self.engagement, by=request.user, **form.cleaned_data)
        link = request.build_absolute_uri(reverse("front_line_answer", args=[secret]))
        context = {"pulse": pulse, "link": link, "code": qr_code(link)}
        return keep_private(self.show("engagements/front_line/created.html", context))

    def show_form(self, form: FrontLinePulseForm, status: int = 200) -> HttpResponse:
        return self.show("engagements/front_line/form.html", {"form": form, "back": self.list_url()}, status=status)


class FrontLineClose(FrontLineView):
    """Takes no further answers (POST)."""

    def post(self, request: PortalRequest, pk: int, **kwargs: Any) -> HttpResponse:
        rows = FrontLinePulse.objects.visible_to(request.user).filter(engagement=self.engagement)
        close_front_line_pulse(get_object_or_404(rows, pk=pk), by=request.user, now=timezone.now())
        messages.success(request, _("The question takes no further answers."))
        return HttpResponseRedirect(self.list_url())


def qr_code(link: str) -> SafeString:
    """The link as an SVG that prints sharply at any size."""
    drawing = make(link, image_factory=SvgPathImage, border=2).to_string(encoding="unicode")
    return mark_safe(drawing)  # made of numbers alone


class FrontLineAnswerPage(View):
    """The question behind a link. It reads no session and leaves no cookie; unknown and closed look the same."""

    @method_decorator([login_not_required, csrf_exempt])
    def dispatch(self, request: HttpRequest, token: str, **kwargs: Any) -> HttpResponseBase:
        refuse_other_sites(request)
        self.now, self.network = timezone.now(), network_of(request)
        pulse = open_pulse(token)
        if pulse is None:
            return self.missing(request)
        self.pulse = pulse
        with translation.override(pulse.language):
            return keep_key(super().dispatch(request, **kwargs))

    def missing(self, request: HttpRequest) -> HttpResponse:
        if UNKNOWN_KEYS.claim(self.network, now=self.now):
            raise Http404
        return too_many_tries(request)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show({"form": FrontLineAnswerForm()})

    def post(self, request: HttpRequest) -> HttpResponse:
        form = FrontLineAnswerForm(request.POST)
        if not form.is_valid():
            return self.show({"form": form}, status=422)
        if not (FROM_ONE_PLACE.claim(f"{self.pulse.pk} {self.network}", now=self.now) and OF_ONE_PULSE.claim(self.pulse.pk, now=self.now)):
            form.add_error(None, _("Too many answers at once. Please try again in a few minutes."))
            return self.show({"form": form}, status=429)
        today = timezone.localdate(self.now, self.pulse.engagement.zone)
        give_front_line_answer(pulse=self.pulse, today=today, **form.cleaned_data)
        return self.show({"is_kept": True})

    def show(self, context: dict[str, Any], status: int = 200) -> HttpResponse:
        shell = {"request": self.request, "pulse": self.pulse}
        return HttpResponse(render_to_string("public/front_line.html", shell | context), status=status)
