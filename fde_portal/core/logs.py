"""Log lines: JSON in production, readable for developers; never a secret and never what people wrote.

Pages are named by their route, not their path, because the path of a shared page is its key. Of an
exception only the kind and the places are kept: its words may repeat what was typed (PostgreSQL quotes
the whole row it refuses).
"""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Iterator
from copy import copy
from typing import Any

import structlog
from django.db import IntegrityError, OperationalError

Event = dict[str, Any]

_SECRET_PATHS = re.compile(r"(/s/|/calendar/|/password/reset/key/|/invitations/|/settings/address/)[^/\s\"'?]+")
# Their words come from the system or name a constraint, and an operator needs them.
TELLING = (OSError, OperationalError, IntegrityError)


def blot(text: str) -> str:
    """Replace the token of a shared page or calendar, a password reset, an invitation or a link by mail by an ellipsis."""
    return _SECRET_PATHS.sub(r"\1…", text)


class LineFormatter(structlog.stdlib.ProcessorFormatter):
    """Writes every record, of ours or of a package, as one line of JSON or as readable text."""

    def __init__(self, readable: bool = False) -> None:
        writers = [structlog.dev.ConsoleRenderer(colors=False)] if readable else [structlog.processors.JSONRenderer()]
        super().__init__(
            foreign_pre_chain=SHARED,
            processors=[*([] if readable else [plain_exception]), without_meta, *writers],
        )

    def format(self, record: logging.LogRecord) -> str:
        return blot(super().format(without_words_of_celery(record)))


def without_meta(_logger: Any, _method: str, event: Event) -> Event:
    for name in ("_record", "_from_structlog"):
        event.pop(name, None)
    return event


def without_words_of_celery(record: logging.LogRecord) -> logging.LogRecord:
    """Celery writes the exception of a task into its message: keep which task it was."""
    if record.name != "celery.app.trace" or not isinstance(record.args, dict):
        return record
    bare = copy(record)
    bare.msg, bare.args = "task %(name)s %(description)s", {"description": "ended"} | record.args
    return bare


def plain_exception(_logger: Any, _method: str, event: Event) -> Event:
    """Replace the exception by its kind and places, causes included."""
    fault = fault_of(event.pop("exc_info", None))
    if fault is not None:
        event["exception"] = [described(one) for one in causes(fault)]
    return event


def fault_of(exc_info: Any) -> BaseException | None:
    if isinstance(exc_info, tuple):
        return exc_info[1]
    return exc_info if isinstance(exc_info, BaseException) else None


def causes(fault: BaseException | None) -> Iterator[BaseException]:
    while fault is not None:
        yield fault
        fault = fault.__cause__ or (None if fault.__suppress_context__ else fault.__context__)


def described(fault: BaseException) -> Event:
    places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(fault.__traceback__)]
    return {"kind": type(fault).__name__, "words": words(fault), "places": places}


def words(fault: BaseException) -> str:
    """The first line of what an exception says, where that cannot repeat what was typed."""
    return str(fault).partition("\n")[0] if isinstance(fault, TELLING) else ""


SHARED = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def set_up_structlog() -> None:
    """Send structlog's own events through the standard handlers, so that all lines look the same."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
