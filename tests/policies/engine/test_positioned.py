"""Strict JSON with places."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.engine import DocumentError, parse

TEXT = '{\n  "Version": "2012-10-17",\n  "Statement": [\n    {"Sid": "A", "n": -2.5e3, "flag": true}\n  ]\n}'


def test_it_knows_where_every_value_stands() -> None:
    node = parse(TEXT)
    statement = node.members[1][1].items[0]
    key, value = statement.members[1]
    assert (node.line, node.column, node.end_line, node.end_column) == (1, 1, 6, 2)
    assert (statement.line, statement.column, statement.end_line, statement.end_column) == (4, 5, 4, 44)
    assert (key.raw, key.line, key.column) == ("n", 4, 18)
    assert (value.value, value.kind, value.raw, value.column, value.end_column) == (-2500.0, "number", "-2.5e3", 23, 29)
    assert TEXT[value.start : value.end] == "-2.5e3"


def test_it_names_the_kind_of_each_value() -> None:
    node = parse('{"a": [], "b": "x", "c": 1, "d": null, "e": false}')
    kinds = [value.kind for _, value in node.members]
    assert kinds == ["array", "string", "number", "true/false/null", "true/false/null"]
    assert node.kind == "object"


@pytest.mark.parametrize(
    ("text", "message", "line", "column"),
    [
        ("", "the document ends where a value is expected", 1, 1),
        ("{", "a key in double quotes is expected", 1, 2),
        ("{} x", "unexpected text after the end of the document", 1, 4),
        ('{\n "a": 1,\n "a": 2}', "the key `a` stands twice in the same object", 3, 2),
        ('{"a": 1, "\\u0061": 2}', "the key `a` stands twice in the same object", 1, 10),
        ("NaN", "`NaN` is not a JSON value", 1, 1),
        ("[Infinity]", "`Infinity` is not a JSON value", 1, 2),
        ("-Infinity", "a number is not written as JSON writes numbers", 1, 1),
        ("01", "a number is not written as JSON writes numbers", 1, 1),
        ("1.", "a number is not written as JSON writes numbers", 1, 1),
        ("1e999", "a number is too large", 1, 1),
        ("1" * 65, "a number is longer than 64 characters", 1, 1),
        ("[1,]", "`]` is not a JSON value", 1, 4),
        ("[1 2]", "a comma or `]` is expected", 1, 4),
        ('{"a" 1}', "a colon is expected after the key", 1, 6),
        ('"abc', "unterminated string", 1, 1),
        ('"a\nb"', "invalid control character", 1, 3),
        ('"\\ud800"', "the text holds half of a surrogate pair", 1, 1),
        ('"\ud800"', "the text holds half of a surrogate pair", 1, 1),
        ("\ufeff{}", "the document starts with a byte order mark", 1, 1),
        ("[" * 21 + "]" * 21, "the document nests deeper than 20 levels", 1, 21),
        ("[" * 100_000, "the document nests deeper than 20 levels", 1, 21),
        (" " * 131_073, "the document is longer than 131072 characters", 1, 1),
    ],
)
def test_it_refuses_what_is_not_strict_json(text: str, message: str, line: int, column: int) -> None:
    with pytest.raises(DocumentError) as refused:
        parse(text)
    assert (refused.value.message, refused.value.line, refused.value.column) == (message, line, column)


def test_it_accepts_twenty_levels_and_a_pair_of_surrogates() -> None:
    assert parse("[" * 20 + "]" * 20).kind == "array"
    assert parse('{"a":' * 20 + "1" + "}" * 20).kind == "object"
    with pytest.raises(DocumentError):
        parse('{"a":' * 21 + "1" + "}" * 21)
    assert parse('"\\ud83d\\ude00"').value == "\N{GRINNING FACE}"


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", max_size=2), inner, max_size=3),
    max_leaves=8,
)


@given(json_values, st.sampled_from([None, 1]))
def test_it_reads_what_the_json_module_writes(value: object, indent: int | None) -> None:
    text = json.dumps(value, indent=indent)
    node = parse(text)
    assert node.value == value
    assert (node.start, node.end) == (0, len(text))
