"""Strict JSON with a place in the text for every value, so that an explanation or a lint can point at what it means."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import NamedTuple

LONGEST_TEXT = 131_072
DEEPEST_NESTING = 20
LONGEST_NUMBER = 64

Json = dict[str, "Json"] | list["Json"] | str | int | float | bool | None

_SPACE = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?P<fraction>\.[0-9]+)?(?P<exponent>[eE][+-]?[0-9]+)?")
_WORD = re.compile(r"[A-Za-z0-9_+.-]+")
_SURROGATE = re.compile("[\ud800-\udfff]")
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
_ONE_STRING = json.JSONDecoder()


class DocumentError(ValueError):
    """A document that cannot be read, with the place (counted from 1) where reading stopped."""

    def __init__(self, message: str, line: int = 1, column: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column

    def __str__(self) -> str:
        return f"{self.message} (line {self.line}, column {self.column})"


class Places:
    """Turns offsets of one text into lines and columns, both counted from 1."""

    __slots__ = ("_starts",)

    def __init__(self, text: str) -> None:
        self._starts = [0, *(found.end() for found in re.finditer("\n", text))]

    def of(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


class Span(NamedTuple):
    """Where a value stands in its text; lines and columns count from 1, the end is past the last character."""

    line: int
    column: int
    end_line: int
    end_column: int

    def to_dict(self) -> dict[str, int]:
        line, column, end_line, end_column = self
        return {"line": line, "column": column, "end_line": end_line, "end_column": end_column}


@dataclass(slots=True, eq=False)
class Node:
    """One JSON value and where it stands; `end` is the place after its last character."""

    value: Json
    kind: str
    start: int
    end: int
    places: Places = field(repr=False)
    members: list[tuple[Node, Node]] = field(default_factory=list, repr=False)
    items: list[Node] = field(default_factory=list, repr=False)
    raw: str = field(default="", repr=False)

    @property
    def line(self) -> int:
        """The line on which it begins."""
        return self.places.of(self.start)[0]

    @property
    def column(self) -> int:
        """The column in which it begins."""
        return self.places.of(self.start)[1]

    @property
    def end_line(self) -> int:
        """The line on which it ends."""
        return self.places.of(self.end)[0]

    @property
    def end_column(self) -> int:
        """The column after its last character."""
        return self.places.of(self.end)[1]

    @property
    def span(self) -> Span:
        """All four at once."""
        return Span(*self.places.of(self.start), *self.places.of(self.end))

    def get(self, name: str) -> Node | None:
        """The value of the member with this exact name, if there is one."""
        return next((value for key, value in self.members if key.value == name), None)

    def error(self, message: str) -> DocumentError:
        """An error about this value, at its place."""
        return DocumentError(message, self.line, self.column)


def parse(text: str, *, longest: int | None = LONGEST_TEXT, deepest: int = DEEPEST_NESTING) -> Node:
    """Read one strict JSON value; anything else raises DocumentError with its place."""
    if longest is not None and len(text) > longest:
        raise DocumentError(f"the document is longer than {longest} characters")
    if text.startswith("\ufeff"):
        raise DocumentError("the document starts with a byte order mark")
    reader = _Reader(text, deepest)
    node = reader.value(reader.skip(0), 1)
    rest = reader.skip(node.end)
    if rest != len(text):
        raise reader.fail("unexpected text after the end of the document", rest)
    return node


class _Reader:
    """A recursive descent reader; the nesting limit bounds the recursion."""

    __slots__ = ("deepest", "places", "text")

    def __init__(self, text: str, deepest: int) -> None:
        self.text = text
        self.deepest = deepest
        self.places = Places(text)

    def fail(self, message: str, at: int) -> DocumentError:
        return DocumentError(message, *self.places.of(at))

    def skip(self, at: int) -> int:
        found = _SPACE.match(self.text, at)
        return found.end() if found else at

    def value(self, at: int, depth: int) -> Node:
        first = self.text[at : at + 1]
        if not first:
            raise self.fail("the document ends where a value is expected", at)
        if first == '"':
            return self.string(at)
        if first in "{[":
            if depth > self.deepest:
                raise self.fail(f"the document nests deeper than {self.deepest} levels", at)
            return self.object(at, depth) if first == "{" else self.array(at, depth)
        return self.number(at) if first in "-0123456789" else self.word(at)

    def string(self, at: int) -> Node:
        try:
            value, end = _ONE_STRING.raw_decode(self.text, at)
        except json.JSONDecodeError as error:
            raise self.fail(_lowered(error.msg), min(error.pos, len(self.text))) from None
        if _SURROGATE.search(value):
            raise self.fail("the text holds half of a surrogate pair", at)
        return Node(value, "string", at, end, self.places, raw=value)

    def number(self, at: int) -> Node:
        found = _NUMBER.match(self.text, at)
        word = _WORD.match(self.text, at)
        if found is None or word is None or word.end() != found.end():
            raise self.fail("a number is not written as JSON writes numbers", at)
        raw = found.group()
        if len(raw) > LONGEST_NUMBER:
            raise self.fail(f"a number is longer than {LONGEST_NUMBER} characters", at)
        whole = found["fraction"] is None and found["exponent"] is None
        value: int | float = int(raw) if whole else float(raw)
        if value in (float("inf"), float("-inf")):
            raise self.fail("a number is too large", at)
        return Node(value, "number", at, found.end(), self.places, raw=raw)

    def word(self, at: int) -> Node:
        found = _WORD.match(self.text, at)
        raw = found.group() if found else self.text[at]
        if raw not in _WORDS:
            shown = raw if len(raw) <= 40 else raw[:40] + "..."
            raise self.fail(f"`{shown}` is not a JSON value", at)
        return Node(_WORDS[raw], "true/false/null", at, at + len(raw), self.places, raw=raw)

    def array(self, at: int, depth: int) -> Node:
        items: list[Node] = []
        here = self.skip(at + 1)
        if self.text[here : here + 1] == "]":
            return Node([], "array", at, here + 1, self.places)
        while True:
            item = self.value(here, depth + 1)
            items.append(item)
            here, closed = self.separator(item.end, "]")
            if closed:
                return Node([item.value for item in items], "array", at, here, self.places, items=items)

    def object(self, at: int, depth: int) -> Node:
        members: list[tuple[Node, Node]] = []
        value: dict[str, Json] = {}
        here = self.skip(at + 1)
        if self.text[here : here + 1] == "}":
            return Node(value, "object", at, here + 1, self.places)
        while True:
            key, member = self.member(here, depth)
            if key.raw in value:
                raise self.fail(f"the key `{key.raw}` stands twice in the same object", key.start)
            value[key.raw] = member.value
            members.append((key, member))
            here, closed = self.separator(member.end, "}")
            if closed:
                return Node(value, "object", at, here, self.places, members=members)

    def member(self, at: int, depth: int) -> tuple[Node, Node]:
        if self.text[at : at + 1] != '"':
            raise self.fail("a key in double quotes is expected", at)
        key = self.string(at)
        colon = self.skip(key.end)
        if self.text[colon : colon + 1] != ":":
            raise self.fail("a colon is expected after the key", colon)
        return key, self.value(self.skip(colon + 1), depth + 1)

    def separator(self, at: int, closing: str) -> tuple[int, bool]:
        """Where reading goes on after a value, and whether the list or object ended there."""
        here = self.skip(at)
        sign = self.text[here : here + 1]
        if sign == closing:
            return here + 1, True
        if sign != ",":
            raise self.fail(f"a comma or `{closing}` is expected", here)
        return self.skip(here + 1), False


def _lowered(message: str) -> str:
    """The json module's wording in ours: lower case, and without the place that follows it there."""
    return message[:1].lower() + message[1:].removesuffix(" starting at").removesuffix(" at")
