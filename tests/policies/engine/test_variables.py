"""Policy variables: what counts as one, and that no text makes them slow to find."""

from __future__ import annotations

import pytest

from policies.engine.variables import Variable, split_arn, template
from policies.engine.wildcard import Token, Wild

KEYS = {"aws:username": "bob", "a{b": "odd", "a${b": "odder", "empty": "", "list": ("a", "b")}


def _text(raw: str) -> str | None:
    return template(raw, variables=True, wild=True).text(KEYS)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("home/${aws:username}/*", "home/bob/*"),
        ("${AWS:UserName}${aws:username}", "bobbob"),
        ("${a${b}", "odder"),
        ("${a{b}}", "odd}"),
        ("${aws:username", "${aws:username"),
        ("${aws:username} ${", "bob ${"),
        ("}${*}${?}${$}{", "}*?${"),
        ("${}", None),
        ("${nothing}", None),
        ("${nothing, 'x'}", "x"),
        ("${nothing, ''}", ""),
        ("${empty, 'x'}", ""),
        ("${list, 'x'}", "x"),
        ("${nothing, 'it's'}", "it's"),
        ("${nothing, 'a', 'b'}", "a', 'b"),
        ("${nothing, ', '}", ", "),
        ("${nothing, '}", None),
        ("${nothing, 'x}", None),
        ("${nothing,'x'}", None),
        ("${nothing, 'x\ny'}", "x\ny"),
        ("$${aws:username}", "$bob"),
        ("$ {aws:username}", "$ {aws:username}"),
    ],
)
def test_it_fills_in_variables(raw: str, expected: str | None) -> None:
    assert _text(raw) == expected


@pytest.mark.parametrize("raw", ["${" * 200_000, "${" * 100_000 + "}", "${" + ", '" * 100_000 + "}", "$" * 400_000])
def test_it_reads_hostile_texts(raw: str) -> None:
    # Searching anew from every opening bracket, these do not end within the life of the test run.
    found = template(raw, variables=True, wild=False)
    assert "".join(part.raw if isinstance(part, Variable) else str(part) for part in found.parts) == raw


def test_it_keeps_plain_text_without_variables_or_wildcards() -> None:
    assert template("${aws:username}*", variables=False, wild=False).parts == ("${aws:username}*",)
    assert template("", variables=True, wild=False).parts == ()


def test_it_takes_wildcards_only_outside_of_variables() -> None:
    found = template("a*${x, '*'}?", variables=True, wild=True)
    assert found.parts == ("a", Wild.ANY, Variable("${x, '*'}", "x", "*"), Wild.ONE)
    assert found.resolve({}) == ["a", Wild.ANY, "*", Wild.ONE]
    assert found.fixed is None
    assert template("a${*}", variables=True, wild=True).fixed == ["a", "*"]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (["arn:aws:iam::1:user/a:b"], [["arn"], ["aws"], ["iam"], [""], ["1"], ["user/a:b"]]),
        (
            ["arn:a", Wild.ANY, "::", Wild.ONE, ":x:"],
            [["arn"], ["a", Wild.ANY, ""], [""], ["", Wild.ONE, ""], ["x"], [""]],
        ),
        (["arn:aws:iam::x"], None),
        ([Wild.ANY], None),
    ],
)
def test_it_cuts_a_pattern_at_its_first_five_colons(pattern: list[Token], expected: list[list[Token]] | None) -> None:
    assert split_arn(pattern) == expected
