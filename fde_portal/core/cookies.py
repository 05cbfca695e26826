"""Choices a browser remembers: language and colour scheme."""

from django.conf import settings
from django.http import HttpResponse

THEMES = ("light", "dark")
ONE_YEAR = 365 * 24 * 3600


def remember_language(response: HttpResponse, language: str) -> HttpResponse:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )
    return response


def remember_theme(response: HttpResponse, theme: str) -> HttpResponse:
    """Keep light or dark; anything else means: follow the system."""
    if theme in THEMES:
        response.set_cookie("theme", theme, max_age=ONE_YEAR, secure=settings.SESSION_COOKIE_SECURE, samesite="Lax")
    else:
        response.delete_cookie("theme", samesite="Lax")
    return response
