"""Signed links and kept secrets: tokens that carry nothing, and octets nobody reads in a stolen database.

A link token is an HMAC of (kind, id, generation) under LINK_KEY: 26 base32 characters, rebuilt when
needed, found by its digest, revoked by raising the generation.
"""

import base64
import hashlib
import hmac
import secrets
from functools import lru_cache

from cryptography.fernet import Fernet
from django.conf import settings

_TOKEN_OCTETS = 16  # 128 bits: 26 characters of base32 without padding


def token(kind: str, pk: int | str, generation: int = 1) -> str:
    """The link token of an object, 26 lower-case base32 characters."""
    return (
        base64.b32encode(keyed(f"link:{kind}:{pk}:{generation}")[:_TOKEN_OCTETS]).decode().rstrip("=").lower()
    )


def digest(text: str) -> str:
    """What is stored and looked up instead of a token, code or key: SHA-256, 64 hex digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def keyed(text: str) -> bytes:
    """32 octets derived from a text under LINK_KEY."""
    return hmac.new(settings.LINK_KEY.encode(), text.encode(), hashlib.sha256).digest()


def fresh_token() -> str:
    """A random bearer token of 256 bits, for API keys and paired devices."""
    return secrets.token_urlsafe(32)


def sealed(octets: bytes) -> bytes:
    """Octets encrypted under DATA_KEY."""
    return _fernet(settings.DATA_KEY).encrypt(octets)


def opened(stored: bytes | memoryview) -> bytes:
    """What `sealed` kept."""
    return _fernet(settings.DATA_KEY).decrypt(bytes(stored))


@lru_cache(maxsize=4)
def _fernet(key: str) -> Fernet:
    return Fernet(key)
