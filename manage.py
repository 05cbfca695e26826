#!/usr/bin/env python
"""Django's command line for the FDE Portal."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fde_portal.settings")
    from django.core.management import execute_from_command_line  # after the variable above

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
