"""The figures of signing in, taken small from a served instance."""

from __future__ import annotations

import pytest

from iamconsole.bench import sign_in


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"STUDENTS": 2, "AT_ONCE": 2, "GUESSERS": 2}.items():
        monkeypatch.setattr(sign_in, name, value)
    monkeypatch.setattr(sign_in, "ATTACK_SECONDS", 2.0)


def test_it_lets_a_class_in() -> None:
    assert sign_in.class_measured.__wrapped__()["class.failures"] == 0


def test_it_lets_few_guesses_through_and_the_owner_in() -> None:
    found = sign_in.attack_measured.__wrapped__()
    assert 1 <= found["attack.let_through"] <= 5
    assert found["attack.let_through"] < found["attack.tried"]
    assert found["attack.owner"] < float("inf")
