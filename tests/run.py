"""What bin/test runs: the suite on SQLite, then its database part on PostgreSQL and Redis.

A server or browser that is missing is named at the end; in CI (CI=true) it is a failure.
"""

import os
import subprocess
import sys
from contextlib import ExitStack

from tests import servers

NO_TESTS = 5
# More processes than cores make browsers miss their moments; more than four crowd the servers.
PROCESSES = min(4, os.cpu_count() or 1)
# With nothing but these, it is the whole suite.
OF_WHOLE_RUNS = ("--all", "--durations")


def main(arguments: list[str]) -> int:
    """Run everything this machine can run. Returns the exit status."""
    left_out: list[str] = [] if servers.chromium_path() else ["browser tests: Chromium is missing"]
    codes = [run_suite("sqlite", arguments, {})]
    with ExitStack() as stack:
        try:
            addresses = {
                "TEST_DATABASE_URL": stack.enter_context(servers.postgres()),
                "TEST_REDIS_URL": stack.enter_context(servers.redis()),
            }
        except servers.ServerMissing as missing:
            left_out.append(f"tests on PostgreSQL and Redis: {missing}")
        else:
            codes.append(run_suite("servers", arguments, addresses))
    if "--all" not in arguments:
        print("Left out: slow tests (run bin/test --all)")
    return report(codes, left_out)


def run_suite(place: str, arguments: list[str], variables: dict[str, str]) -> int:
    command = [sys.executable, "-m", "pytest", *spread(arguments), *arguments]
    return subprocess.run(command, env=os.environ | variables | {"TEST_ON": place}, check=False).returncode


def spread(arguments: list[str]) -> list[str]:
    """The whole suite runs in several processes. A part runs in one, where a debugger can stop it."""
    if not all(argument.startswith(OF_WHOLE_RUNS) for argument in arguments):
        return []
    return ["--numprocesses", str(PROCESSES), "--dist", "loadgroup"]


def report(codes: list[int], left_out: list[str]) -> int:
    """Say what was left out, and reduce both runs to one exit status."""
    for reason in left_out:
        print(f"Left out: {reason}")
    ran = [code for code in codes if code != NO_TESTS]
    if left_out and servers.in_ci():
        return 1
    return max(ran) if ran else NO_TESTS


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
