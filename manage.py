#!/usr/bin/env python3
"""The one door for people: `python3 manage.py run`, `python3 manage.py test`, and every other command."""

import os
import sys

import bootstrap


def main() -> None:
    """Runs the command named on the command line, inside the project's own environment."""
    bootstrap.enter(sys.argv[1:])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "planner.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
