"""Muting reminders by the link in each of them: without a sign-in, because the link is the key."""

from __future__ import annotations

from functools import cached_property

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache

from engagements.services.reminders import person_of, set_reminders
from fde_portal.accounts.models import User


@method_decorator([login_not_required, never_cache], name="dispatch")
class Reminders(View):
    """Says what is so and offers the other; only a post changes it, because mail programs follow links by themselves."""

    @cached_property
    def person(self) -> User:
        person = person_of(self.kwargs["token"])
        if person is None:
            raise Http404
        return person

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        with translation.override(self.person.language):
            return render(request, "engagements/reminders.html", {"wanted": self.person.wants_reminders})

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        set_reminders(person=self.person, wanted="again" in request.POST)
        return redirect("reminders", token)
