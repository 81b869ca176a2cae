"""What a passkey is asked to sign: random, for one session and one purpose, used once, gone after five minutes."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from identities.models import PasskeyChallenge

LIFETIME = timedelta(minutes=5)


def binding(purpose: str, *parts: str) -> str:
    """What ties a challenge to its session: a digest, so that the table does not hold session keys."""
    return hashlib.sha256("\0".join((purpose, *parts)).encode()).hexdigest()


def issue(account_id: str, bound_to: str, now: datetime) -> str:
    """A new challenge, base64url of 32 bytes; old ones are swept out with it."""
    PasskeyChallenge.objects.filter(expires_at__lte=now).delete()
    value = secrets.token_urlsafe(32)
    PasskeyChallenge.objects.create(pk=value, account_id=account_id, bound_to=bound_to, expires_at=now + LIFETIME)
    return value


def take(account_id: str, value: str, bound_to: str, now: datetime) -> bool:
    """Use a challenge up; of two who try, one succeeds."""
    fitting = PasskeyChallenge.objects.of(account_id).filter(pk=value, bound_to=bound_to, expires_at__gt=now)
    return fitting.delete()[0] == 1
