"""A mail server for tests, real down to the socket, that can refuse, hesitate, drop the line and fall silent."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Handler:
    """Answers by address; `received` holds what was taken, as (recipient, content)."""

    def __init__(self) -> None:
        self.received: list[tuple[str, bytes]] = []
        self.refused: dict[str, str] = {}
        self.drops_line_on = ""
        self.is_silent = False

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list) -> str:
        if address == self.drops_line_on:
            server.transport.abort()
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.is_silent:
            time.sleep(1)
        self.received += [(address, envelope.content) for address in envelope.rcpt_tos]
        return "250 taken"

    def recipients(self) -> list[str]:
        return [address for address, _ in self.received]


@contextmanager
def running(port: int, handler: Handler) -> Iterator[Handler]:
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield handler
    finally:
        controller.stop()
