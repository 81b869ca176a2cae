"""Passwords that everybody tries first: the 20,000 commonest, as Django ships them.

Source: `common-passwords.txt.gz` of django.contrib.auth (BSD-3-Clause; compiled by Royce Williams from public leaks).
AWS does not look at such a list for users, so theirs are only warned of; root's are refused.
"""

from __future__ import annotations

from functools import lru_cache

from django.contrib.auth.password_validation import CommonPasswordValidator

from iamconsole.operations.secrets import Secret
from identities.passwords import HOPELESS_LENGTH, normal


def is_common(password: Secret) -> bool:
    """Whether the password, in whatever case, is among the commonest."""
    return len(password.reveal()) <= HOPELESS_LENGTH and normal(password).strip().lower() in _commonest()


@lru_cache(maxsize=1)
def _commonest() -> frozenset[str]:
    return frozenset(CommonPasswordValidator().passwords)
