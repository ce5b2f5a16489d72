"""Static files under names that carry their digest, so that browsers may keep them for ever."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

OF_PACKAGES = ("account/", "django_htmx/", "mfa/", "ninja/")

STYLES = "css/app.css"
IMPORT = re.compile(r'@import "(?P<file>[^"]+)" layer\((?P<layer>\w+)\)(?P<media> print)?;')


class Joined(Storage):
    """The style sheet with the sheets it imports written in: one request before the first paint, not two rounds."""

    def __init__(self, source: Storage) -> None:
        self.source = source

    def open(self, name: str, mode: str = "rb") -> "File[Any]":
        """The sheet `name` as one file; each import becomes its layer, a printed one inside @media print."""
        folder = name.rpartition("/")[0]

        def layer(found: re.Match[str]) -> str:
            sheet = self._text(f"{folder}/{found['file']}")
            rules = f"@layer {found['layer']} {{\n{sheet}}}\n"
            return f"@media print {{\n{rules}}}" if found["media"] else rules

        return ContentFile(IMPORT.sub(layer, self._text(name)).encode())

    def _text(self, name: str) -> str:
        with self.source.open(name) as file:
            return str(file.read().decode())


class HashedStatic(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise ships no types
    """Also rewrites `import "./b.js"` inside modules; without it the door's scanner would load stale parts."""

    support_js_module_import_aggregation = True

    def post_process(
        self, paths: dict[str, tuple[Storage, str]], dry_run: bool = False, **options: Any
    ) -> Iterator[Any]:
        """As whitenoise's, with our one style sheet joined first."""
        if STYLES in paths:
            source, path = paths[STYLES]
            paths[STYLES] = (Joined(source), path)
        yield from super().post_process(paths, dry_run, **options)

    def url_converter(
        self, name: str, hashed_files: dict[str, str], template: str | None = None
    ) -> Callable[[re.Match[str]], str]:
        """As Django's, but a package's comment that looks like an import does not stop the start."""
        convert: Callable[[re.Match[str]], str] = super().url_converter(name, hashed_files, template)
        if not name.startswith(OF_PACKAGES):
            return convert

        def lenient(match: re.Match[str]) -> Any:
            try:
                return convert(match)
            except ValueError:
                return match[0]

        return lenient
