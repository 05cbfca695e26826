"""Takes a picture of every page into var/pictures: bin/pictures --help names the choices.

The demo is written into a temporary folder, so that neither var/demo nor a running portal is touched.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import django

PROJECT = Path(__file__).resolve().parents[3]
FOLDER = PROJECT / "var" / "pictures"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/pictures", description="Takes pictures of the demo's pages.")
    parser.add_argument("--only", default="", help="pages whose name holds this text")
    parser.add_argument("--width", type=int, choices=(1440, 390), help="one width instead of both")
    parser.add_argument("--scheme", choices=("light", "dark"), help="one colour scheme instead of both")
    parser.add_argument("--language", choices=("en", "zh-hans"), help="one language instead of both")
    parser.add_argument("--readme", action="store_true", help="make the pictures of the README anew instead")
    return parser.parse_args()


def prepare(folder: str) -> None:
    """Point this process and its children at a fresh demo in `folder`."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "fde_portal.settings",
        "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
        "DATA_DIR": folder,
        "DATABASE_URL": f"sqlite:///{folder}/pictures.sqlite3",
        "REDIS_URL": "",
        "DEMO": "true",
    }
    for command in ("migrate", "seed_demo"):
        subprocess.run([sys.executable, "manage.py", command, "--verbosity=0"], cwd=PROJECT, check=True)


def main() -> None:
    options = arguments()
    with tempfile.TemporaryDirectory(prefix="fde-portal-pictures-") as folder:
        prepare(folder)
        django.setup()
        from tests.flows.pictures.camera import take_pictures, take_readme_pictures  # need django.setup()

        if options.readme:
            take_readme_pictures(PROJECT / "docs" / "pictures")
        else:
            take_pictures(FOLDER, options)


if __name__ == "__main__":
    main()
