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
    TEMPORARY_KEY = "ASIA"
    USER = "AIDA"


def new_id(prefix: Prefix) -> str:
    """21 characters for entities, 20 for keys."""
    length = 16 if prefix in (Prefix.ACCESS_KEY, Prefix.TEMPORARY_KEY) else 17
    return prefix.value + "".join(secrets.choice(ALPHABET) for _ in range(length))
