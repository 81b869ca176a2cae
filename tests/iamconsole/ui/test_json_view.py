"""Read-only JSON: nothing of the text is lost, every part knows its lines."""

from __future__ import annotations

import json
import re
from html import unescape

from hypothesis import given
from hypothesis import strategies as st

from iamconsole.ui.json_view import json_html, pointer_lines, tokens

DOCUMENT = """{
  "Version": "2012-10-17",
  "Statement": [
    {"Effect": "Allow"},
    {
      "Effect": "Deny",
      "Action": "*"
    }
  ]
}"""


def test_it_tells_a_key_from_a_string() -> None:
    kinds = [
        (kind, text) for kind, text, _ in tokens('{"a" : "b", "c": 1.5e3, "d": null}') if kind not in ("space", "mark")
    ]
    assert kinds == [
        ("key", '"a"'), ("string", '"b"'), ("key", '"c"'), ("number", "1.5e3"), ("key", '"d"'), ("word", "null"),
    ]  # fmt: skip


def test_it_knows_the_lines_of_a_statement() -> None:
    lines = pointer_lines(DOCUMENT)
    assert lines["/Statement/0"] == (4, 4)
    assert lines["/Statement/1"] == (5, 8)
    assert lines["/Statement/1/Action"] == (7, 7)
    assert lines[""] == (1, 10)


def test_it_marks_the_lines_it_is_told_to() -> None:
    html = json_html(DOCUMENT, lines=(5, 8))
    assert html.count("is-marked") == 4
    assert "Lines 5 to 8 are marked." in html


def test_it_lays_out_what_is_not_text_yet() -> None:
    assert json_html({"a": [1]}).count("json-line") == 5


@given(st.text())
def test_it_shows_every_text_as_it_is(text: str) -> None:
    text = text.replace("\r", "").replace("\x00", "")
    code = json_html(text).split("<code>")[1].split("</code>")[0]
    assert unescape(re.sub(r"</?span[^>]*>", "", code)) == text + "\n"


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_it_finds_the_lines_of_every_valid_document(document: object) -> None:
    text = json.dumps(document, indent=2)
    assert pointer_lines(text)[""] == (1, text.count("\n") + 1)
