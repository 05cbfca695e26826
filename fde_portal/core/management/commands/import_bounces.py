"""`manage.py import_bounces [SOURCE]`: mail that came back later, from a file, a maildir or standard input."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from email import message_from_binary_file
from email.message import Message
from mailbox import Maildir, mbox
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from fde_portal.core.bounces import bounces_in, note_bounce

MBOX_BEGINS = b"From "


class Command(BaseCommand):
    help = (
        "Reads delivery status notifications (RFC 3464) and marks the mails they are about as come back. Twice changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", nargs="?", default="-", help="one message, an mbox, a maildir, or - for standard input")

    def handle(self, *, source: str, **options: object) -> None:
        read = marked = 0
        try:
            for notice in messages_in(source):
                read += 1
                marked += sum(note_bounce(bounce, now=timezone.now()) for bounce in bounces_in(notice))
        except OSError as fault:
            raise CommandError(f"{source}: {fault.strerror}") from None
        self.stdout.write(f"{read} read, {marked} mails marked as come back.")


def messages_in(source: str) -> Iterator[Message]:
    if source == "-":
        yield message_from_binary_file(sys.stdin.buffer)
    elif Path(source).is_dir():
        yield from unseen(source)
    else:
        with Path(source).open("rb") as file:
            is_mbox = file.read(len(MBOX_BEGINS)) == MBOX_BEGINS
            file.seek(0)
            yield from mbox(source, create=False) if is_mbox else [message_from_binary_file(file)]


def unseen(folder: str) -> Iterator[Message]:
    """New messages of a maildir; each is marked as seen once it was dealt with, so that the next run leaves it out."""
    if not (Path(folder) / "new").is_dir():
        raise CommandError(f"{folder}: this folder is no maildir.")
    box = Maildir(folder, create=False)
    for key, message in box.iteritems():
        if message.get_subdir() == "new":
            yield message
            message.set_subdir("cur")
            message.add_flag("S")
            box[key] = message
