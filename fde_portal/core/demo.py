"""What bin/demo runs: prepare the demo's own data, then keep web and worker running.

Django is used through `manage.py` only, because its settings depend on the port chosen here.
"""

import argparse
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path
from typing import TextIO

from fde_portal.core.supervisor import Program, Supervisor

BASE_DIR = Path(__file__).resolve().parent.parent.parent
DATA_DIR = BASE_DIR / "var" / "demo"
# Settings of a real installation must not leak into the demo.
FOREIGN = {
    "ALLOWED_HOSTS",
    "COLLECTED_STATIC",
    "DATABASE_URL",
    "DEBUG",
    "DJANGO_SETTINGS_MODULE",
    "EMAIL_URL",
    "OIDC_SERVER_URL",
    "METRICS_TOKEN",
    "REDIS_URL",
    "SECRET_KEY",
    "SENTRY_DSN",
    "TRUSTED_PROXY_COUNT",
}


def main() -> None:
    reset = parse_arguments().reset
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end_quietly)
    with take_lock():
        if reset:
            shutil.rmtree(DATA_DIR, ignore_errors=True)
        port = choose_port(int(os.environ.get("PORT") or 8000))
        environment = demo_environment(port)
        prepare(environment)
        threading.Thread(target=announce, args=(environment,), daemon=True).start()
        Supervisor(programs(port, environment)).run()
    print("The demo has ended. Its data stay in var/demo.")


def end_quietly(number: int, _frame: object) -> None:
    """End while preparing: the exception makes `subprocess.run` end its program too."""
    sys.exit(128 + number)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/demo", description="Runs the portal with demo data.")
    parser.add_argument("--reset", action="store_true", help="throw the demo's data away and begin anew")
    return parser.parse_args()


def take_lock() -> TextIO:
    """Hold the demo's data for this process; ends the process when another demo has them."""
    DATA_DIR.parent.mkdir(parents=True, exist_ok=True)
    lock = (DATA_DIR.parent / "demo.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit("The demo is running already. End it with Ctrl-C before you start another one.")
    return lock


def choose_port(wanted: int) -> int:
    """The wanted port, or a free one when somebody else listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            probe.bind(("127.0.0.1", 0))
            print(f"Port {wanted} is taken; using a free one.")
        return probe.getsockname()[1]


def demo_environment(port: int) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    ours = {"DATA_DIR": str(DATA_DIR), "DEMO": "true", "BASE_URL": f"http://localhost:{port}"}
    # The terminal is for the address and the sign-ins.
    return kept | ours | {"LOG_LEVEL": "WARNING"}


def prepare(environment: dict[str, str]) -> None:
    """Bring the database up to date and fill it once; ends the process when that fails."""
    print("Preparing the demo data (the first time takes a while)", flush=True)
    for command in (["migrate", "--verbosity=0"], ["seed_demo"]):
        result = subprocess.run(manage(*command), env=environment, cwd=BASE_DIR, check=False)
        if result.returncode:
            sys.exit(f"manage.py {command[0]} failed; bin/demo --reset begins with fresh data.")


def manage(*command: str) -> list[str]:
    return [sys.executable, str(BASE_DIR / "manage.py"), *command]


def programs(port: int, environment: dict[str, str]) -> list[Program]:
    web = ["gunicorn", "--bind", f"127.0.0.1:{port}", "--log-level", "warning"]
    worker = ["celery", "--quiet", "--app", "fde_portal", "worker", "--beat", "--concurrency", "2"]
    worker += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    return [
        Program(name, [sys.executable, "-m", *command], environment)
        for name, command in (("The web server", web), ("The worker", worker))
    ]


def announce(environment: dict[str, str]) -> None:
    """Print the address and the sign-ins as soon as the web server answers."""
    address = environment["BASE_URL"]
    while not answers(f"{address}/healthz"):
        time.sleep(0.2)
    print(f"\nThe portal is open at {address}  (Ctrl-C ends it)\n", flush=True)
    subprocess.run(manage("demo_accounts"), env=environment, cwd=BASE_DIR, check=False)


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as response:
            return response.status == 200
    except OSError:
        return False


if __name__ == "__main__":
    main()
