"""Takes a picture of every page of the demo into var/pictures: bin/pictures --help names the choices."""

from __future__ import annotations

import argparse

from tests.flows.demo import PROJECT
from tests.flows.pictures.camera import HEIGHTS, take_pictures, take_readme_pictures


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/pictures", description="Takes pictures of the demo's pages.")
    parser.add_argument("--only", default="", help="pages whose name holds this text")
    parser.add_argument("--width", type=int, choices=tuple(HEIGHTS), help="one width instead of all")
    parser.add_argument("--scheme", choices=("light", "dark"), help="one colour scheme instead of both")
    parser.add_argument("--language", choices=("en", "zh-hans"), help="one language instead of both")
    parser.add_argument("--readme", action="store_true", help="make the pictures of the README and docs/ anew instead")
    return parser.parse_args()


def main() -> None:
    options = arguments()
    if options.readme:
        take_readme_pictures(PROJECT / "docs" / "pictures", options)
    else:
        take_pictures(PROJECT / "var" / "pictures", options)


if __name__ == "__main__":
    main()
