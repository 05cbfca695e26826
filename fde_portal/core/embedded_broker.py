"""A message broker in a folder, for installations without Redis.

kombu's own file-system transport has two races: a reader meets a half-written message, and a
publisher (that is, a web request) meets a half-written table of bindings. Here a message appears by
a rename and is claimed by a rename, and bindings stay in memory, since every process declares the
queues it uses. A message is lost with the process that claimed it: the database is the queue, and
messages are only nudges.
"""

import json
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from queue import Empty

from kombu.transport import virtual


class Channel(virtual.Channel):
    """Messages are files `<nanoseconds>_<id>.<queue>.msg`, so that their names sort by age."""

    @property
    def folder(self) -> Path:
        folder = Path(self.connection.client.transport_options["folder"])
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder

    def _waiting(self, queue: str) -> Iterator[Path]:
        return iter(sorted(self.folder.glob(f"*.{queue}.msg")))

    def _put(self, queue: str, message: dict, **_options: object) -> None:
        name = f"{time.time_ns():020}_{uuid.uuid4()}.{queue}"
        draft = self.folder / f"{name}.draft"
        draft.write_text(json.dumps(message))
        draft.rename(self.folder / f"{name}.msg")

    def _get(self, queue: str, timeout: float | None = None) -> dict:
        for path in self._waiting(queue):
            if (message := claim(path)) is not None:
                return message
        raise Empty

    def _size(self, queue: str) -> int:
        return len(list(self._waiting(queue)))

    def _purge(self, queue: str) -> int:
        return sum(claim(path) is not None for path in self._waiting(queue))


class Transport(virtual.Transport):
    """Named in the setting `broker_transport`; looks for messages ten times a second."""

    Channel = Channel
    polling_interval = 0.1
    driver_type = driver_name = "embedded"

    def __init__(self, client: object, **options: object) -> None:
        super().__init__(client, **options)
        self.state = virtual.BrokerState()

    def driver_version(self) -> str:
        return "1"


def claim(path: Path) -> dict | None:
    """Take a message off the queue; None when another process was faster or it is unreadable."""
    claimed = path.with_suffix(".claimed")
    try:
        path.rename(claimed)
    except FileNotFoundError:
        return None
    text = claimed.read_text()
    claimed.unlink()
    try:
        return json.loads(text)
    except ValueError:
        # A power cut can leave an empty file.
        return None
