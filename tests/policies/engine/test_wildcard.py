"""Globs: right, and never slow."""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.engine.wildcard import glob, glob_text, tokens
from tests.policies.engine.reference_values import fits, plain


@given(st.text("ab*?", max_size=12), st.text("ab", max_size=14))
def test_it_matches_as_the_textbook_does(pattern: str, text: str) -> None:
    assert glob_text(pattern)(text) == fits(plain(pattern), text)


@given(st.text("ab?*", max_size=10), st.integers(0, 9), st.text("ab", max_size=12))
def test_it_matches_no_less_when_a_wildcard_widens(pattern: str, place: int, text: str) -> None:
    wider = pattern[:place] + "*" + pattern[place + 1 :]
    assert glob_text(wider)(text) or not glob_text(pattern)(text)


def test_it_takes_a_star_out_of_a_variable_as_a_plain_character() -> None:
    matches = glob([*tokens("home/"), "*", *tokens("/?")])
    assert matches("home/*/x")
    assert not matches("home/bob/x")


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("*a*a*a*a*a*ab", "a" * 2048, False),
        ("*a" * 3000 + "b", "a" * 2048, False),
        ("*a?" * 2000 + "*b", "a" * 2048, False),
        ("*" + "a?" * 1500 + "b", "a" * 4096, False),
        ("*" + "?a" * 1000 + "*", "a" * 4096, True),
        ("?" * 2048, "a" * 2048, True),
        ("*" * 6000, "a" * 4096, True),
    ],
)
def test_it_answers_hostile_patterns(pattern: str, text: str, expected: bool) -> None:
    # With a backtracking matcher most of these do not end within the life of the test run.
    assert glob_text(pattern)(text) is expected


def _all(signs: str, longest: int) -> list[str]:
    return ["".join(each) for length in range(longest + 1) for each in itertools.product(signs, repeat=length)]


def test_it_matches_all_that_is_short_as_a_regular_expression_does() -> None:
    texts = _all("ab", 6)
    for pattern in _all("ab*?", 5):
        matches, wanted = glob_text(pattern), re.compile(pattern.replace("*", ".*").replace("?", "."))
        wrong = [text for text in texts if matches(text) != bool(wanted.fullmatch(text))]
        assert wrong == [], pattern


@pytest.mark.parametrize("pattern", ["*a?b*", "*?ab*", "*a?b*a", "b*a?b*", "*a?*?b*b", "*?a?*"])
def test_it_finds_holes_between_stars_anywhere(pattern: str) -> None:
    # The places of a whole text are tried at once: wherever they begin and end, none may be lost or invented.
    wanted = re.compile(pattern.replace("*", ".*").replace("?", "."))
    matches = glob_text(pattern)
    for text in _all("ab", 9):
        assert matches(text) == bool(wanted.fullmatch(text)), text
