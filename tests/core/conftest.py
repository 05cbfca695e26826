"""A mail server on a free port, and the settings that lead to it."""

from collections.abc import Iterator

import pytest

from tests.core.mail_server import Handler, running
from tests.servers import free_port


@pytest.fixture
def mail_port(settings) -> int:
    """The port the portal delivers to; nobody listens there yet."""
    settings.EMAIL_BACKEND = "fde_portal.core.outbox.OutboxBackend"
    settings.MAIL_DELIVERY_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", free_port(), 0.3
    return settings.EMAIL_PORT


@pytest.fixture
def server(mail_port: int) -> Iterator[Handler]:
    with running(mail_port, Handler()) as handler:
        yield handler
