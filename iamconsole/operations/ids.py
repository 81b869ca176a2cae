"""AWS-shaped unique ids: a prefix that says the kind, then base-32 letters.

Source: IAM user guide, "IAM identifiers", unique ID prefixes (reference_identifiers).
"""

from __future__ import annotations

import secrets
from enum import Enum

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


class Prefix(Enum):
    """What a unique id names."""

    ACCESS_KEY = "AKIA"
    GROUP = "AGPA"
    INSTANCE_PROFILE = "AIPA"
    MANAGED_POLICY = "ANPA"
    ROLE = "AROA"
    SERVER_CERTIFICATE = "ASCA"
    SERVICE_CREDENTIAL = "ACCA"
    SSH_KEY = "APKA"
    TEMPORARY_KEY = "ASIA"
    USER = "AIDA"


SHORT = (Prefix.ACCESS_KEY, Prefix.SSH_KEY, Prefix.TEMPORARY_KEY)


def new_id(prefix: Prefix) -> str:
    """21 characters for entities, 20 for keys."""
    return prefix.value + letters(16 if prefix in SHORT else 17)


def letters(count: int) -> str:
    """An id without a prefix: certificates of users and SAML providers have such."""
    # 256 is eight times 32: every letter is as likely as any other.
    return "".join([ALPHABET[byte % 32] for byte in secrets.token_bytes(count)])
