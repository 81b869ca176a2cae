#!/usr/bin/env python
"""Run a management command; a missing module is answered with a sentence, not a traceback."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Hand the command line to Django."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "iamconsole.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError as error:
        sys.exit(f"{error}: run `make run` once, it installs what iamconsole needs into .venv.")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
