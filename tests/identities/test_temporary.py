"""Session tokens: what is sealed in them cannot be changed, and opens for their own key alone."""

from __future__ import annotations

from accounts.caller import Session, user_caller
from identities import temporary
from tests.cast import ACCOUNT_ID, ALICE_ARN

CALLER = user_caller(ACCOUNT_ID, "AIDAALICE", ALICE_ARN, "alice")
SESSION = Session(1.0, 2.0, tags=(("team", "blue"),), policies=("{}",), plain=True)


def issued() -> tuple[str, str]:
    made = temporary.issue(CALLER, SESSION)
    return str(made["SessionToken"]), str(made["AccessKeyId"])


def test_it_brings_back_what_was_sealed() -> None:
    token, key_id = issued()
    said = temporary.read(token, key_id)
    assert said is not None
    assert (said.caller.arn, said.caller.session, said.caller.access_key_id) == (ALICE_ARN, SESSION, key_id)


def test_it_opens_no_token_with_one_character_changed() -> None:
    token, key_id = issued()
    for place, letter in enumerate(token):
        for other in {"A", "b", "-", " ", "\x00", chr(ord(letter) ^ 1)} - {letter}:
            changed = token[:place] + other + token[place + 1 :]
            assert temporary.read(changed, key_id) is None, (place, letter, other)


def test_it_opens_no_token_cut_short_or_made_longer() -> None:
    token, key_id = issued()
    for changed in (
        *(token[:length] for length in range(len(token))),
        token + "A",
        token + "=",
        " " + token,
        token * 2,
    ):
        assert temporary.read(changed, key_id) is None


def test_it_opens_a_token_for_its_own_key_alone() -> None:
    token, key_id = issued()
    for other in (issued()[1], key_id.lower(), key_id + " ", ""):
        assert temporary.read(token, other) is None
