#!/usr/bin/env python3
"""Django's command line. ``./run manage …`` calls it in the project's own environment."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "khuyencong.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError as error:
        raise SystemExit("Django is not installed here: use ./run manage …") from error
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
