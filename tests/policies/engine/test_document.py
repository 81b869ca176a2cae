"""Compiling documents: what is tolerated, and what cannot be read."""

from __future__ import annotations

import pytest

from policies.engine import DocumentError, compile_document, parse


def test_it_reads_text_and_parsed_json_alike() -> None:
    text = '{"Version": "2012-10-17", "Statement": {"Sid": "A", "Effect": "Allow", "Action": "s3:*", "Resource": "*"}}'
    parsed = {
        "Version": "2012-10-17",
        "Statement": [{"Sid": "A", "Effect": "Allow", "Action": ["s3:*"], "Resource": ["*"]}],
    }
    one, other = compile_document(text).statements[0], compile_document(parsed).statements[0]
    assert (one.sid, one.effect, one.index) == (other.sid, other.effect, other.index) == ("A", "Allow", 0)


@pytest.mark.parametrize(("version", "known"), [("2012-10-17", True), ("2008-10-17", False), ("", False)])
def test_it_knows_variables_only_in_the_current_version(version: str, known: bool) -> None:
    document = {"Version": version, "Statement": []} if version else {"Statement": []}
    assert compile_document(document).knows_variables is known


def test_it_ignores_elements_that_it_does_not_know() -> None:
    document = compile_document({"Id": "x", "Extra": 1, "Statement": {"Effect": "Deny", "Mood": "bad"}})
    assert document.statements[0].deny


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("[]", "a policy document must be an object"),
        ("{}", "a policy document must have a Statement"),
        ('{"Version": 1, "Statement": []}', "Version must be a string"),
        ('{"Statement": ["x"]}', "a statement must be an object"),
        ('{"Statement": {}}', "a statement must have an Effect"),
        ('{"Statement": {"Effect": "allow"}}', "Effect must be Allow or Deny"),
        ('{"Statement": {"Effect": "Allow", "Sid": 1}}', "Sid must be a string"),
        (
            '{"Statement": {"Effect": "Allow", "Action": "*", "NotAction": "*"}}',
            "a statement cannot have both Action and NotAction",
        ),
        ('{"Statement": {"Effect": "Allow", "Action": 1}}', "Action must be a string or a list of strings"),
        ('{"Statement": {"Effect": "Allow", "Resource": [1]}}', "Resource must be a string or a list of strings"),
        ('{"Statement": {"Effect": "Allow", "Principal": "bob"}}', 'Principal must be "*" or an object'),
        ('{"Statement": {"Effect": "Allow", "Condition": []}}', "Condition must be an object"),
        ('{"Statement": {"Effect": "Allow", "Condition": {"Bool": 1}}}', "a condition operator must be an object"),
        (
            '{"Statement": {"Effect": "Allow", "Condition": {"Bool": {"k": null}}}}',
            "a condition value must be a string, a number or a boolean",
        ),
    ],
)
def test_it_refuses_what_it_cannot_read(document: str, message: str) -> None:
    with pytest.raises(DocumentError) as refused:
        compile_document(document)
    assert refused.value.message == message


def test_it_refuses_what_is_not_json_with_a_document_error() -> None:
    with pytest.raises(DocumentError):
        compile_document({"Statement": [object()]})
    with pytest.raises(DocumentError):
        compile_document({"Statement": [float("nan")]})


def test_it_compiles_a_part_of_a_text_and_keeps_its_places() -> None:
    text = '{"a": [{"Statement": {"Effect": "Allow"}}]}'
    part = parse(text).get("a")
    assert part is not None
    document = compile_document(part.items[0])
    assert (document.statements[0].span.column, document.statements[0].span.end_column) == (22, 41)
    with pytest.raises(DocumentError) as refused:
        compile_document(part.items[0], longest=33)
    assert str(refused.value) == "the document is longer than 33 characters (line 1, column 8)"
    assert compile_document(part.items[0], longest=34) == document == compile_document(part.items[0], longest=None)


def _endless() -> dict[str, object]:
    circle: dict[str, object] = {"Statement": []}
    circle["Statement"] = circle
    return circle


def _deep() -> dict[str, object]:
    made: dict[str, object] = {}
    for _ in range(100_000):
        made = {"Statement": made}
    return made


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (_endless(), "the document is not JSON: Circular reference detected"),
        (_deep(), "the document is not JSON: maximum recursion depth exceeded"),
        ({"Statement": 10**5000}, "the document is not JSON: Exceeds the limit"),
        ({"Statement": float("nan")}, "the document is not JSON: Out of range float values"),
        ({"Statement": b"x"}, "the document is not JSON: Object of type bytes"),
        ({"Statement": [], 1: 2, "1": 3}, "the key `1` stands twice in the same object"),
        ({"Statement": "\ud800"}, "the text holds half of a surrogate pair"),
        ({"Statement": "*" * 1_000_000}, "the document is longer than 131072 characters"),
        ("*" * 1_000_000, "the document is longer than 131072 characters"),
        ("[" * 100_000, "the document nests deeper than 20 levels"),
    ],
    ids=str.split("circle deep int nan bytes twice surrogate long stars brackets"),
)
def test_it_refuses_nonsense_with_an_error_that_has_a_place(source: str | dict[str, object], message: str) -> None:
    with pytest.raises(DocumentError) as refused:
        compile_document(source)
    assert str(refused.value).startswith(message)
    assert (refused.value.line, refused.value.column > 0) == (1, True)
