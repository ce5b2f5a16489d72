"""Static files gathered under their digests, only when one of them has changed."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

STAMP = "collected.txt"
# Of the API document's viewer only what its page loads: the rest is 18 MB and two thirds of the time.
IGNORED = ["*.map", "redoc*"]


def bring_up_to_date() -> bool:
    """True when `collectstatic` ran; a repeat with the same files costs a directory walk."""
    stamp = Path(settings.VAR_DIR) / STAMP
    now = _fingerprint()
    if stamp.is_file() and stamp.read_text(encoding="ascii") == now:
        return False
    call_command("collectstatic", verbosity=0, interactive=False, clear=True, ignore_patterns=IGNORED)
    stamp.write_text(now, encoding="ascii")
    return True


def _fingerprint() -> str:
    """A digest of every static file's name, size and time."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            found = Path(storage.path(path)).stat()
            digest.update(f"{path}\0{found.st_size}\0{found.st_mtime_ns}\n".encode())
    return digest.hexdigest()
