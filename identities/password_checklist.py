"""The rules a new password is held to, one by one, as forms show them; the browser ticks those it can judge itself."""

from __future__ import annotations

import json
import string
from dataclasses import dataclass

from accounts.models import Account, PasswordPolicy
from identities.password_rules import rules_of
from identities.passwords import CLASSES, MAXIMUM_LENGTH, MINIMUM_LENGTH, SYMBOLS


@dataclass(frozen=True)
class Check:
    """One rule; `rule` and `value` tell static/password-rules.js how to judge it, none means that only we can."""

    text: str
    rule: str = ""
    value: str = ""


def user_checks(account_id: str, *, own: bool = True) -> list[Check]:
    """The rules for passwords of the account's users; `own` adds what only the user's own passwords decide."""
    rules = rules_of(account_id)
    if rules is None:
        return [*_default(), Check("Not the name or the e-mail address of the account")]
    remembered = [Check(f"Not one of the last {rules.remembered} passwords")] if own and rules.remembered else []
    return [*_length(rules.minimum_length), *_kinds(rules), *remembered]


def root_checks(account: Account) -> list[Check]:
    """The rules for root's password, which no policy changes."""
    names = json.dumps([account.name.lower(), account.root_email.lower()])
    return [
        *_default(),
        Check("Not the name or the e-mail address of the account", "not", names),
        Check("Not one of the 20,000 most common passwords"),
    ]


def _default() -> list[Check]:
    kinds = "At least three of: uppercase letters, lowercase letters, numbers, symbols"
    return [*_length(MINIMUM_LENGTH), Check(kinds, "three", json.dumps(CLASSES))]


def _length(shortest: int) -> list[Check]:
    value = json.dumps([shortest, MAXIMUM_LENGTH])
    return [Check(f"{shortest} to {MAXIMUM_LENGTH} characters", "length", value)]


def _kinds(rules: PasswordPolicy) -> list[Check]:
    kinds = (
        (rules.require_uppercase, "At least one uppercase letter (A-Z)", string.ascii_uppercase),
        (rules.require_lowercase, "At least one lowercase letter (a-z)", string.ascii_lowercase),
        (rules.require_numbers, "At least one number (0-9)", string.digits),
        (rules.require_symbols, f"At least one symbol: {SYMBOLS}", SYMBOLS),
    )
    return [Check(text, "any", json.dumps([kind])) for wanted, text, kind in kinds if wanted]
