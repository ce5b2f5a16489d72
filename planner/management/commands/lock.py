"""`lock`: the exact packages, with hashes, that `run` and `test` install."""

import os
import subprocess
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

import bootstrap

# Hashed requirements files and no uv.lock: that one would carry the package index's address.
COMPILE = ["pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--generate-hashes"]
LABEL = ["--custom-compile-command", "python manage.py lock"]


class Command(BaseCommand):
    help = "Writes requirements.lock and requirements-test.lock from pyproject.toml."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """The test lock is bound to the other one, so tests run on exactly the packages that `run` installs."""
        uv = bootstrap.find_uv()
        if not uv:
            raise CommandError("uv is needed to resolve packages and could not be installed.")
        self._compile(uv, "-o", bootstrap.LOCK.name)
        self._compile(uv, "--extra", "test", "-c", bootstrap.LOCK.name, "-o", bootstrap.TEST_LOCK.name)

    @staticmethod
    def _compile(uv: str, *options: str) -> None:
        command = [uv, *COMPILE, *LABEL, *options, "pyproject.toml"]
        subprocess.run(command, cwd=settings.BASE_DIR, env=os.environ | {"UV_NO_PROGRESS": "1"}, check=True)
