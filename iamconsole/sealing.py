"""Secrets that must be read back (access keys, authenticator seeds) at rest: AES-256-GCM under a master key.

The place a secret is stored at is bound into it, so that a ciphertext moved to another row does not open.
"""

from __future__ import annotations

import base64
import secrets
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from iamconsole.operations.secrets import Secret


class SealBroken(Exception):
    """The text was not sealed here, for this place, under a key we hold."""


@lru_cache(maxsize=4)
def _keys(configured: str) -> dict[str, AESGCM]:
    keys = {}
    for entry in configured.split(","):
        name, _, encoded = entry.strip().partition(":")
        try:
            keys[name] = AESGCM(base64.b64decode(encoded, validate=True))
        except ValueError as error:
            raise ImproperlyConfigured(
                f"IAMCONSOLE_MASTER_KEYS: entry `{name}` must be id:base64 of 32 bytes"
            ) from error
    return keys


def key_names() -> list[str]:
    """The master keys in hand by name; the first one encrypts."""
    return list(_keys(settings.MASTER_KEYS))


def first_key() -> str:
    """The name of the key that encrypts."""
    return key_names()[0]


def seal(secret: Secret, place: str) -> str:
    """`secret` as text for the database; `place` is table|row|account. The first master key encrypts."""
    name, key = next(iter(_keys(settings.MASTER_KEYS).items()))
    nonce = secrets.token_bytes(12)
    sealed = key.encrypt(nonce, secret.reveal().encode(), place.encode())
    return f"{name}:{base64.b64encode(nonce + sealed).decode()}"


def unseal(text: str, place: str) -> Secret:
    """The secret sealed for `place`; SealBroken when the text is of another place, key or installation."""
    name, _, encoded = text.partition(":")
    key = _keys(settings.MASTER_KEYS).get(name)
    if key is None:
        raise SealBroken(f"no master key `{name}`")
    try:
        raw = base64.b64decode(encoded, validate=True)
        if base64.b64encode(raw).decode() != encoded:
            raise SealBroken(place)  # base64 has several spellings of the same bytes, a seal has one
        return Secret(key.decrypt(raw[:12], raw[12:], place.encode()).decode())
    except (InvalidTag, ValueError) as error:
        raise SealBroken(place) from error
