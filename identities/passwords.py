"""Console passwords: Argon2id, NFKC, the same work whether or not there is anything to compare with.

Parameters: OWASP's minimum (19 MiB, t=2, p=1), settable by ARGON2_PARAMETERS; hashes made with others still verify.
"""

from __future__ import annotations

import os
import secrets
import string
import unicodedata
from collections import deque
from functools import lru_cache
from statistics import median
from threading import BoundedSemaphore
from time import perf_counter, sleep
from typing import TYPE_CHECKING

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from django.conf import settings

from iamconsole.operations.errors import PasswordPolicyViolation
from iamconsole.operations.secrets import Secret

if TYPE_CHECKING:
    from accounts.models import PasswordPolicy

PARAMETERS = {"time_cost": 2, "memory_cost": 19_456, "parallelism": 1}
# Each hash takes its memory while it runs: so many at once, the others wait.
_room = BoundedSemaphore((os.cpu_count() or 1) + 1)
# Seconds of the latest comparisons.
_took: deque[float] = deque(maxlen=15)

MINIMUM_LENGTH, MAXIMUM_LENGTH = 8, 128
# Longer texts are no passwords, and normalising them would be work for whoever sends them.
HOPELESS_LENGTH = 4_096
SYMBOLS = "!@#$%^&*()_+-=[]{}|'"
CLASSES = (string.ascii_uppercase, string.ascii_lowercase, string.digits, SYMBOLS)
KINDS = ("uppercase letter", "lowercase letter", "number", "symbol")
# Without letters and digits that look alike: these passwords are read off a screen.
GENERATED = ("ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghijkmnopqrstuvwxyz", "23456789", "!@#$%^&*-=+")


def hash_password(password: Secret) -> str:
    """The Argon2id hash to store."""
    with _room:
        return _hasher().hash(normal(password))


def verify(password: Secret, hashed: str | None) -> bool:
    """Whether the password is the hashed one; with no hash it never is, after the same work."""
    if _hopeless(password):
        return False
    with _room:
        start = perf_counter()
        try:
            return _hasher().verify(hashed or _dummy_hash(_hasher()), normal(password)) and bool(hashed)
        except (VerificationError, InvalidHashError):
            return False
        finally:
            _took.append(perf_counter() - start)


def wait_instead() -> None:
    """Take the time of a comparison without its work: what is refused unread must not keep the machine busy."""
    if _took:
        sleep(median(_took))
    else:
        verify(Secret(""), None)


def needs_rehash(hashed: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _hasher().check_needs_rehash(hashed)


def check_policy(password: Secret, account_name: str, email: str = "", custom: PasswordPolicy | None = None) -> None:
    """AWS's default password policy, or the account's own one. Raises PasswordPolicyViolation."""
    if _hopeless(password):
        raise PasswordPolicyViolation(f"Password should have a maximum length of {MAXIMUM_LENGTH}")
    text = normal(password)
    shortest = custom.minimum_length if custom else MINIMUM_LENGTH
    if len(text) < shortest:
        raise PasswordPolicyViolation(f"Password should have a minimum length of {shortest}")
    if len(text) > MAXIMUM_LENGTH:
        raise PasswordPolicyViolation(f"Password should have a maximum length of {MAXIMUM_LENGTH}")
    if custom:
        _check_characters(text, custom)
        return
    _check_mix(text)
    if text.lower() in (account_name.lower(), email.lower()):
        raise PasswordPolicyViolation("Password does not conform to the account password policy.")


def _check_mix(text: str) -> None:
    """Three kinds of characters out of four; AWS says how many more are wanted, and which there are to choose from."""
    missing = [
        f"Password should have at least one {name}"
        for name, kind in zip(KINDS, CLASSES, strict=True)
        if not any(character in kind for character in text)
    ]
    if len(missing) > 1:
        wanted = f"Password should meet {len(missing) - 1} more of the following requirements: "
        raise PasswordPolicyViolation(wanted + ", ".join(missing))


def _check_characters(text: str, custom: PasswordPolicy) -> None:
    required = (
        custom.require_uppercase,
        custom.require_lowercase,
        custom.require_numbers,
        custom.require_symbols,
    )
    for wanted, kind, name in zip(required, CLASSES, KINDS, strict=True):
        if wanted and not any(character in kind for character in text):
            raise PasswordPolicyViolation(f"Password should have at least one {name}")


def generate(length: int = 20) -> Secret:
    """A new random password with all four kinds of characters in it."""
    alphabet = "".join(GENERATED)
    while True:
        text = "".join(secrets.choice(alphabet) for _ in range(length))
        if all(any(character in kind for character in text) for kind in GENERATED):
            return Secret(text)


def _hopeless(password: Secret) -> bool:
    return len(password.reveal()) > HOPELESS_LENGTH or len(password.reveal().encode()) > HOPELESS_LENGTH


def normal(password: Secret) -> str:
    """The password as it is compared: keyboards differ in how they compose an é, both spellings are one password."""
    return unicodedata.normalize("NFKC", password.reveal())


def _hasher() -> PasswordHasher:
    chosen = {**PARAMETERS, **getattr(settings, "ARGON2_PARAMETERS", {})}
    return _hasher_with(chosen["time_cost"], chosen["memory_cost"], chosen["parallelism"])


@lru_cache(maxsize=8)
def _hasher_with(time_cost: int, memory_cost: int, parallelism: int) -> PasswordHasher:
    return PasswordHasher(time_cost=time_cost, memory_cost=memory_cost, parallelism=parallelism)


@lru_cache(maxsize=8)
def _dummy_hash(hasher: PasswordHasher) -> str:
    """A hash of nothing anybody knows, with the parameters in use."""
    return hasher.hash(secrets.token_urlsafe(32))
