"""The verbs of accounts; importing them registers them."""

from accounts.operations import (
    aliases,
    making,
    naming,
    organizations,
    password_policy,
    preferences,
    resetting,
    root_mfa,
    summary,
    unlocking,
)

__all__ = [
    "aliases",
    "making",
    "naming",
    "organizations",
    "password_policy",
    "preferences",
    "resetting",
    "root_mfa",
    "summary",
    "unlocking",
]
