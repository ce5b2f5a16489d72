"""The office's keys: made once, kept under `var/keys`, readable by the owner only."""

import base64
import os
import secrets
from pathlib import Path


def signing_key() -> str:
    """A fresh key with 400 bits, for signatures."""
    return secrets.token_urlsafe(50)


def fernet_key() -> str:
    """A fresh Fernet key: 32 random octets in URL-safe base64."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def is_fernet_key(text: str) -> bool:
    """True when `text` can serve as a Fernet key."""
    try:
        return len(base64.urlsafe_b64decode(text.encode())) == 32
    except ValueError:
        return False


def kept(path: Path, fresh: str) -> str:
    """The key in `path`; `fresh` is written there first when nothing is.

    Web, worker and commands may start together: the first to link its file wins and all read the same key.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(fresh)
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text(encoding="ascii").strip()
