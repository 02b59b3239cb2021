"""Encryption at rest with keys that rotate, and keyed hashes that find without telling.

The keys live in the environment, apart from the database: a stolen disk or backup holds no name.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Sequence
from typing import Any

from cryptography.fernet import Fernet, MultiFernet

# Letters and digits that nobody mistakes for one another on a printed sheet.
_CLEAR = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


class Cipher:
    """Encrypts with the first key and reads with any, so that a new key can be put in front."""

    def __init__(self, keys: Sequence[str], index_key: str) -> None:
        self._fernet = MultiFernet([Fernet(key) for key in keys]) if keys else None
        self._index_key = index_key.encode()

    def seal(self, text: str) -> str:
        return self._keys().encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """Raises cryptography.fernet.InvalidToken when no key of ours wrote it."""
        return self._keys().decrypt(sealed.encode()).decode()

    def rotate(self, sealed: str) -> str:
        """The same text under the newest key."""
        return self._keys().rotate(sealed.encode()).decode()

    def mark(self, purpose: str, text: str) -> str:
        """A keyed hash (64 hexadecimal digits) of a text for one purpose: equal texts meet, and tell nothing."""
        return hmac.new(self._index_key, f"{purpose}\0{text}".encode(), hashlib.sha256).hexdigest()

    def _keys(self) -> MultiFernet:
        if self._fernet is None:
            raise RuntimeError("ENCRYPTION_KEYS is empty")
        return self._fernet


_cipher: Cipher | None = None


def use(keys: Sequence[str], index_key: str) -> None:
    """Set at start-up by create_app, once for the process."""
    global _cipher
    _cipher = Cipher(keys, index_key)


def cipher() -> Cipher:
    if _cipher is None:
        raise RuntimeError("crypto.use() was not called")
    return _cipher


def mark(purpose: str, text: str) -> str:
    return cipher().mark(purpose, text)


def token() -> str:
    """192 random bits for a cookie or a once-only form."""
    return secrets.token_urlsafe(24)


def address_key() -> str:
    """What stands in an address: random, so that it tells neither how many there are nor when."""
    return secrets.token_urlsafe(9)


def readable_code(length: int = 5) -> str:
    """A code such as K7M-42 that survives being read aloud."""
    text = "".join(secrets.choice(_CLEAR) for _ in range(length))
    return f"{text[:3]}-{text[3:]}"


def dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
