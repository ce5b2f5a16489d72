"""Static files under names that carry their digest, so that browsers may keep them for ever."""

import re
from collections.abc import Callable
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage

OF_PACKAGES = ("account/", "django_htmx/", "mfa/", "ninja/")


class HashedStatic(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise ships no types
    """Also rewrites `import "./b.js"` inside modules; without it the door's scanner would load stale parts."""

    support_js_module_import_aggregation = True

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
