"""
Passwords, tokens and what makes a form ours. What is kept of any of them is a hash.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from itsdangerous import BadSignature, URLSafeTimedSerializer

from pipeline.errors import ConfigError

#: Shorter ones are guessed; there is no other rule, since rules make passwords worse.
MIN_PASSWORD_CHARS: Final = 10
#: Longer ones are no passwords but an attempt to keep us busy.
MAX_PASSWORD_CHARS: Final = 200
#: A form may stay open for a working day.
FORM_AGE_S: Final = 12 * 3600
_KEY_START: Final = "rasd_"
#: Each hashing takes 64 MiB: more at once would fill a small machine.
_HASHING: Final = threading.Semaphore(2)
_HASHER: Final = PasswordHasher()


def check_password(password: str, name: str) -> None:
    """Raise `ConfigError` unless it may become somebody's password."""
    if not MIN_PASSWORD_CHARS <= len(password) <= MAX_PASSWORD_CHARS:
        raise ConfigError(f"a password has {MIN_PASSWORD_CHARS} to {MAX_PASSWORD_CHARS} characters")
    if password.casefold() == name.casefold():
        raise ConfigError("a name is no password")


def hash_password(password: str) -> str:
    """An argon2id hash, its salt and costs in it."""
    with _HASHING:
        return _HASHER.hash(password)


def verify_password(kept: str | None, password: str) -> bool:
    """Whether it is the one; takes as long for somebody we do not know (`kept` None)."""
    with _HASHING:
        try:
            return _HASHER.verify(kept or _nobody(), password[:MAX_PASSWORD_CHARS]) and kept is not None
        except (VerificationError, InvalidHashError):
            return False


def needs_rehash(kept: str) -> bool:
    """Whether it was hashed with other costs than are usual now."""
    return _HASHER.check_needs_rehash(kept)


def new_token() -> str:
    """256 bits nobody can guess."""
    return secrets.token_urlsafe(32)


def new_key() -> str:
    """A program's key; its beginning says what it is, to people and to scanners of leaked secrets."""
    return _KEY_START + secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """What is kept of a token: it has bits enough that a plain hash will do."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


class FormSeal:
    """Says whether a form that comes back is one we gave to this very browser."""

    def __init__(self, key: str) -> None:
        self._signer = URLSafeTimedSerializer(key, salt="form")

    def seal(self, browser: str) -> str:
        """The hidden field of a form."""
        return str(self._signer.dumps(digest(browser)[:32]))

    def holds(self, sealed: str, browser: str) -> bool:
        """Whether the field was made for that browser, and not too long ago."""
        if not browser:
            return False
        try:
            return secrets.compare_digest(
                str(self._signer.loads(sealed, max_age=FORM_AGE_S)), digest(browser)[:32]
            )
        except (BadSignature, UnicodeError):
            return False


@cache
def _nobody() -> str:
    """The hash of a password nobody has."""
    return _HASHER.hash(secrets.token_urlsafe())
