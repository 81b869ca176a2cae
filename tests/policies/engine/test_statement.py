"""Statements: what is read, and what cannot be."""

from __future__ import annotations

import pytest

from policies.engine import DocumentError, compile_document
from tests.policies.engine.build import statement


@pytest.mark.parametrize(
    ("element", "value", "message"),
    [
        ("Sid", 1, "Sid must be a string"),
        ("Action", [1], "Action must be a string or a list of strings"),
        ("Resource", {"a": "b"}, "Resource must be a string or a list of strings"),
        ("Principal", "bob", 'Principal must be "*" or an object'),
        ("Principal", {"AWS": [1]}, "Principal must be a string or a list of strings"),
        ("NotAction", "*", "a statement cannot have both Action and NotAction"),
        ("NotResource", "*", "a statement cannot have both Resource and NotResource"),
        ("Condition", "x", "Condition must be an object"),
        ("Condition", {"Bool": "x"}, "a condition operator must be an object"),
        *(
            ("Condition", {"Bool": {"a": wrong}}, "a condition value must be a string, a number or a boolean")
            for wrong in ({}, {"b": "c"}, [["x"]], [{}], None, [None])
        ),
    ],
)
def test_it_says_what_it_cannot_read(element: str, value: object, message: str) -> None:
    with pytest.raises(DocumentError) as caught:
        compile_document({"Statement": statement("Allow", **{element: value})})
    assert caught.value.message == message


def test_it_has_an_empty_sid_where_none_is_given() -> None:
    found = compile_document({"Statement": [statement("Allow"), statement("Deny", Sid="No")]})
    assert [(each.index, each.sid, each.effect) for each in found.statements] == [(0, "", "Allow"), (1, "No", "Deny")]


def test_it_reads_numbers_and_booleans_of_conditions_as_they_are_written() -> None:
    document = '{"Statement": {"Effect": "Allow", "Condition": {"Bool": {"a": [true, 1.0, "x"]}}}}'
    assert compile_document(document).statements[0].conditions[0].raw == ("true", "1.0", "x")
