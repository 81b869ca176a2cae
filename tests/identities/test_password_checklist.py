from __future__ import annotations

import json

import pytest

from accounts.models import Account
from iamconsole.operations.errors import PasswordPolicyViolation
from iamconsole.operations.secrets import Secret
from identities.common_passwords import is_common
from identities.password_checklist import Check, root_checks, user_checks
from identities.password_rules import check_for
from tests.cast import ACCOUNT_ID
from tests.identities.steps import do
from tests.world import World


def texts(checks: list[Check]) -> list[str]:
    return [check.text for check in checks]


def test_it_states_the_default_rules(world: World) -> None:
    assert texts(user_checks(ACCOUNT_ID)) == [
        "8 to 128 characters",
        "At least three of: uppercase letters, lowercase letters, numbers, symbols",
        "Not the name or the e-mail address of the account",
    ]


def test_it_states_the_accounts_own_rules_and_no_others(world: World) -> None:
    rules = {"MinimumPasswordLength": 14, "RequireNumbers": True, "RequireSymbols": True, "PasswordReusePrevention": 3}
    do(world.alice, "UpdateAccountPasswordPolicy", **rules)
    shown = texts(user_checks(ACCOUNT_ID))
    assert shown[:2] == ["14 to 128 characters", "At least one number (0-9)"]
    assert shown[2].startswith("At least one symbol") and shown[3:] == ["Not one of the last 3 passwords"]
    assert texts(user_checks(ACCOUNT_ID, own=False)) == shown[:3]


def test_it_does_not_tell_users_the_address_of_root(world: World) -> None:
    assert "alice.example" not in str(user_checks(ACCOUNT_ID))


def test_it_holds_root_to_its_own_rules_whatever_the_policy_says(world: World) -> None:
    before = root_checks(Account.objects.get(pk=ACCOUNT_ID))
    do(world.alice, "UpdateAccountPasswordPolicy", MinimumPasswordLength=30)
    assert root_checks(Account.objects.get(pk=ACCOUNT_ID)) == before
    assert json.loads(before[2].value) == ["alice's lab", "root@alice.example"]


@pytest.mark.parametrize("text", ["abcdefgh1!", "ABCDEFGH1!", "Abcdefgh!!", "Abcdefgh11", "Ab1!", "Abcdefgh1!"])
def test_it_agrees_with_the_judge(world: World, text: str) -> None:
    kinds = ("Uppercase", "Lowercase")
    rules = {f"Require{kind}Characters": True for kind in kinds} | {"RequireNumbers": True, "RequireSymbols": True}
    do(world.alice, "UpdateAccountPasswordPolicy", MinimumPasswordLength=8, **rules)
    met = all(judged(check, text) for check in user_checks(ACCOUNT_ID))
    try:
        check_for(Account.objects.get(pk=ACCOUNT_ID), Secret(text))
        accepted = True
    except PasswordPolicyViolation:
        accepted = False
    assert met is accepted


def judged(check: Check, text: str) -> bool:
    """As static/password-rules.js judges."""
    value = json.loads(check.value)
    if check.rule == "length":
        return bool(value[0] <= len(text) <= value[1])
    return all(any(character in kind for character in text) for kind in value)


@pytest.mark.parametrize(
    ("text", "common"),
    [("password", True), ("Password1", True), ("QWERTY123", True), ("correct-Horse-7", False), ("x" * 5_000, False)],
)
def test_it_knows_the_commonest(text: str, common: bool) -> None:
    assert is_common(Secret(text)) is common
