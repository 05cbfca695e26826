import logging
import sys

import pytest

from fde_portal.core.logs import BlottingFormatter, blot


@pytest.mark.parametrize(
    ("text", "blotted"),
    [
        ("Not Found: /s/abcDEF-_123/", "Not Found: /s/…/"),
        ('"GET /s/abc?x=1 HTTP/1.1" 404', '"GET /s/…?x=1 HTTP/1.1" 404'),
        ("/zh-hans/s/abc/print", "/zh-hans/s/…/print"),
        ("http://h/accounts/password/reset/key/1-abc/", "http://h/accounts/password/reset/key/…/"),
        ("/s/one/ and /s/two/", "/s/…/ and /s/…/"),
        ("/settings/abc/ /customers/abc/", "/settings/abc/ /customers/abc/"),
    ],
)
def test_secret_parts_of_addresses_are_blotted(text, blotted):
    assert blot(text) == blotted


def test_arguments_and_tracebacks_are_blotted_too():
    try:
        raise ValueError("/s/hidden/")
    except ValueError:
        fault = sys.exc_info()
    record = logging.LogRecord("django.request", logging.ERROR, __file__, 1, "Failed: %s", ("/s/token/",), fault)

    line = BlottingFormatter().format(record)

    assert "ValueError: /s/…/" in line
    assert "token" not in line
    assert "hidden" not in line


def test_every_handler_of_the_settings_blots(settings):
    formatters = settings.LOGGING["formatters"]
    used = {handler["formatter"] for handler in settings.LOGGING["handlers"].values()}

    assert {formatters[name]["()"] for name in used} == {"fde_portal.core.logs.BlottingFormatter"}


@pytest.mark.parametrize("name", ["django", "django.server", "django.request", "fde_portal"])
def test_no_logger_keeps_a_handler_of_its_own(name):
    assert logging.getLogger(name).handlers == []
