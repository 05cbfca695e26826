"""allauth's two views of single sign-on, with words instead of an error when the provider is away."""

from __future__ import annotations

import logging
from collections.abc import Callable

from allauth.socialaccount.providers.openid_connect import views
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from requests import RequestException

logger = logging.getLogger(__name__)


def guarded(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view, answering 502 when the provider gives no usable answer."""

    @login_not_required
    def answer(request: HttpRequest, provider_id: str) -> HttpResponse:
        try:
            return view(request, provider_id)
        except RequestException as fault:
            logger.warning("The identity provider did not answer: %s", fault)
            return render(request, "socialaccount/authentication_error.html", status=502)

    return answer


login = guarded(views.login)
callback = guarded(views.callback)
