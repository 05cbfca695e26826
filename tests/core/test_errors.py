"""Reports to Sentry: what failed and where; nobody's name, address or words."""

import json

import pytest
import sentry_sdk
from django.test import RequestFactory
from sentry_sdk.transport import Transport

from fde_portal.core.errors import report_errors
from tests.factories.people import ManagerFactory

MARKER = "marker-zebra"


class Kept(Transport):
    """Keeps what would be sent."""

    sent: list = []

    def capture_envelope(self, envelope) -> None:
        self.sent.append(envelope.serialize().decode())


@pytest.fixture
def reports():
    Kept.sent = []
    report_errors("https://key@sentry.example.com/1", transport=Kept)
    yield Kept.sent
    sentry_sdk.init()


@pytest.mark.django_db
def test_a_failing_page_is_reported_without_anything_of_the_request(client, reports, monkeypatch):
    def fail(*_args, **_kwargs):
        typed = MARKER  # a local variable
        raise ValueError(f"cannot read {typed}")

    monkeypatch.setattr("customers.views.customers.CustomerList.get", fail)
    client.force_login(ManagerFactory(name=MARKER, email=f"{MARKER}@example.org"))
    client.raise_request_exception = False

    assert client.get(f"/customers/?q={MARKER}", headers={"User-Agent": MARKER}).status_code == 500

    [report] = reports
    assert "ValueError" in report
    assert "test_errors.py" in report
    assert MARKER not in report


def test_a_report_holds_kinds_and_places_only(reports):
    request = RequestFactory().get(f"/s/{MARKER}/")
    sentry_sdk.set_user({"email": MARKER})
    sentry_sdk.set_tag("path", request.path)
    sentry_sdk.add_breadcrumb(message=MARKER)
    try:
        raise KeyError(MARKER)
    except KeyError as fault:
        sentry_sdk.capture_exception(fault)

    [report] = reports
    body = json.loads(report.splitlines()[-1])
    assert body["exception"]["values"][0]["type"] == "KeyError"
    assert MARKER not in report
