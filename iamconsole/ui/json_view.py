"""Read-only JSON with line numbers: an own tokenizer, so that a line or a part of the document can be marked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

_TOKEN = re.compile(
    r'(?P<string>"(?:[^"\\\n]|\\.)*"?)|(?P<number>-?\d[\d.eE+-]*)|(?P<word>[A-Za-z]+)'
    r"|(?P<newline>\n)|(?P<space>[^\S\n]+)|(?P<mark>.)"
)
_KEY_FOLLOWS = re.compile(r"\s*:")
Token = tuple[str, str, int]


def as_text(document: object) -> str:
    """The document as text: a string stays as it was written, anything else is laid out with four spaces."""
    return document if isinstance(document, str) else json.dumps(document, indent=4, ensure_ascii=False)


def tokens(text: str) -> Iterator[Token]:
    """(kind, text, line) of every token; a string before a colon is a `key`. Never fails, whatever the text."""
    line = 1
    for match in _TOKEN.finditer(text.replace("\r\n", "\n")):
        kind, value = match.lastgroup or "mark", match.group()
        if kind == "string" and _KEY_FOLLOWS.match(match.string, match.end()):
            kind = "key"
        yield kind, value, line
        if kind == "newline":
            line += 1


def pointer_lines(text: str) -> dict[str, tuple[int, int]]:
    """First and last line of every part of a valid document, by JSON pointer ("/Statement/0/Action")."""
    found: dict[str, tuple[int, int]] = {}
    meaningful = [token for token in tokens(text) if token[0] not in ("newline", "space")]
    if meaningful:
        _walk(meaningful, 0, "", found)
    return found


def _walk(stream: list[Token], at: int, pointer: str, found: dict[str, tuple[int, int]]) -> int:
    """Record the value that starts at `at` and return the position after it."""
    _, opening, first = stream[at]
    if opening not in "{[":
        found[pointer] = (first, first)
        return at + 1
    at, index = at + 1, 0
    while at < len(stream) and stream[at][1] not in "}]":
        name, name_line = str(index), stream[at][2]
        if opening == "{":
            name = str(json.loads(stream[at][1])).replace("~", "~0").replace("/", "~1")
            at += 2
        at = _walk(stream, at, f"{pointer}/{name}", found)
        found[f"{pointer}/{name}"] = (name_line, found[f"{pointer}/{name}"][1])
        at, index = at + (at < len(stream) and stream[at][1] == ","), index + 1
    found[pointer] = (first, stream[min(at, len(stream) - 1)][2])
    return at + 1


def _lines(text: str) -> Iterator[SafeString]:
    parts: list[str] = []
    for kind, value, _ in tokens(text):
        if kind == "newline":
            yield mark_safe("".join(parts))
            parts = []
        elif kind in ("space", "mark"):
            parts.append(escape(value))
        else:
            parts.append(format_html('<span class="json-{}">{}</span>', kind, value))
    yield mark_safe("".join(parts))


def json_html(
    document: object, *, lines: tuple[int, int] | None = None, dom_id: str = "", label: str = "JSON"
) -> SafeString:
    """The block of code; `lines` (first, last) are marked, as text for a screen reader too."""
    first, last = lines or (0, -1)
    rows = format_html_join(
        "",
        '<span class="json-line{}">{}\n</span>',
        (
            (" is-marked" if first <= number <= last else "", line)
            for number, line in enumerate(_lines(as_text(document)), 1)
        ),
    )
    note = format_html('<span class="visually-hidden">Lines {} to {} are marked.</span>', first, last) if lines else ""
    identity = format_html(' id="{}"', dom_id) if dom_id else ""
    return format_html(
        '<div class="json" role="region" tabindex="0" aria-label="{}">{}<pre{}><code>{}</code></pre></div>',
        label, note, identity, rows,
    )  # fmt: skip
