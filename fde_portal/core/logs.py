"""Logging that never repeats a secret which is part of an address."""

import logging
import re

_SECRET_PATHS = re.compile(r"(/s/|/password/reset/key/|/invitations/|/settings/address/)[^/\s\"'?]+")


def blot(text: str) -> str:
    """Replace the token of a shared page, an invitation or a link by mail by an ellipsis."""
    return _SECRET_PATHS.sub(r"\1…", text)


class BlottingFormatter(logging.Formatter):
    """Blots the finished line, so that arguments and tracebacks are covered too."""

    def format(self, record: logging.LogRecord) -> str:
        return blot(super().format(record))
