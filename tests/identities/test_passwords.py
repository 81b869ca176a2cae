"""Console passwords: how they are hashed, compared, judged and made."""

from __future__ import annotations

import os
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from time import sleep
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

from iamconsole.operations.errors import PasswordPolicyViolation
from iamconsole.operations.secrets import Secret
from identities import passwords

if TYPE_CHECKING:
    from pytest_django import Settings

GOOD = Secret("Correct-horse-9")


def test_it_waits_for_the_time_of_a_comparison_once_it_knows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr(passwords, "sleep", waited.append)
    monkeypatch.setattr(passwords, "_took", deque[float](maxlen=15))
    passwords.wait_instead()
    assert waited == [] and len(passwords._took) == 1, "the first one is a comparison itself"
    passwords.wait_instead()
    assert waited == list(passwords._took)


def test_it_hashes_with_the_minimum_owasp_gives(settings: Settings) -> None:
    del settings.ARGON2_PARAMETERS
    assert passwords.hash_password(GOOD).startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_it_takes_the_right_password_only() -> None:
    hashed = passwords.hash_password(GOOD)
    assert passwords.verify(GOOD, hashed)
    assert not passwords.verify(Secret("correct-horse-9"), hashed)


def test_it_takes_both_spellings_of_an_accent() -> None:
    assert passwords.verify(Secret("Cafe\u0301-9999"), passwords.hash_password(Secret("Caf\u00e9-9999")))


@pytest.mark.parametrize("nothing", [None, ""])
def test_it_does_the_same_work_where_there_is_no_password(nothing: str | None) -> None:
    passwords.verify(GOOD, nothing)
    with patch("argon2.PasswordHasher.verify", return_value=True) as work:
        assert not passwords.verify(GOOD, nothing)
    work.assert_called_once()


def test_it_refuses_a_hash_that_is_none() -> None:
    assert not passwords.verify(GOOD, "plain text")


def test_it_does_not_hash_a_megabyte() -> None:
    with patch("argon2.PasswordHasher.verify") as work:
        assert not passwords.verify(Secret("x" * 1_000_000), passwords.hash_password(GOOD))
    work.assert_not_called()


def test_it_wants_old_hashes_made_anew(settings: Settings) -> None:
    old = passwords.hash_password(GOOD)
    assert not passwords.needs_rehash(old)
    settings.ARGON2_PARAMETERS = {"time_cost": 2, "memory_cost": 16, "parallelism": 1}
    assert passwords.needs_rehash(old)
    assert passwords.verify(GOOD, old)


ONE_MORE = (
    "Password should meet 1 more of the following requirements: Password should have at least one uppercase letter, "
    "Password should have at least one symbol"
)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Sh0rt-a", "Password should have a minimum length of 8"),
        ("Aa1-" * 33, "Password should have a maximum length of 128"),
        ("onlylowercase9", ONE_MORE),
        ("Alice-Lab-1", "Password does not conform to the account password policy."),
        ("Root1@alice.example", "Password does not conform to the account password policy."),
    ],
)
def test_it_refuses_what_the_default_policy_refuses(text: str, reason: str) -> None:
    with pytest.raises(PasswordPolicyViolation) as refusal:
        passwords.check_policy(Secret(text), "alice-lab-1", "root1@alice.example")
    assert refusal.value.message == reason


@pytest.mark.parametrize("text", ["Abcdefg1", "abcdefg1!", "ABCDEFG1-", "Abcdefg-", "Aa1-" * 32])
def test_it_takes_three_kinds_of_characters(text: str) -> None:
    passwords.check_policy(Secret(text), "lab")


def test_it_makes_passwords_that_conform_and_differ() -> None:
    made = {passwords.generate().reveal() for _ in range(50)}
    assert len(made) == 50
    for text in made:
        passwords.check_policy(Secret(text), "lab")


@pytest.mark.parametrize("text", ["x" * 1_000_000, "\ufdfa" * 2_000])
def test_it_refuses_a_megabyte_before_it_looks_at_it(text: str) -> None:
    with patch("unicodedata.normalize") as work, pytest.raises(PasswordPolicyViolation):
        passwords.check_policy(Secret(text), "lab")
    work.assert_not_called()


def test_it_hashes_as_many_at_once_as_there_are_cores_and_one_more() -> None:
    running, most, lock = 0, 0, Lock()

    def slow(*given: object) -> str:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        sleep(0.02)
        with lock:
            running -= 1
        return "hashed"

    with patch("argon2.PasswordHasher.hash", side_effect=slow), ThreadPoolExecutor(40) as threads:
        done = list(threads.map(passwords.hash_password, [GOOD] * 40))
    assert (len(done), most) == (40, (os.cpu_count() or 1) + 1)
