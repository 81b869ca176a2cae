"""Globs with `*` and `?` that cannot be made slow: no backtracking, and work bounded by both lengths."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum
from functools import lru_cache

Matcher = Callable[[str], bool]


class Wild(Enum):
    """The two wildcards; everything else in a pattern is a `str` and means itself."""

    ANY = "*"
    ONE = "?"


Token = str | Wild


def tokens(text: str) -> list[Token]:
    """Cut a text in which each `*` and `?` is a wildcard."""
    found: list[Token] = []
    literal = ""
    for sign in text:
        if sign in "*?":
            found += [literal, Wild(sign)] if literal else [Wild(sign)]
            literal = ""
        else:
            literal += sign
    return [*found, literal] if literal else found


def glob_text(text: str) -> Matcher:
    """The matcher of a pattern written as text."""
    return glob(tokens(text))


def glob(pattern: Iterable[Token]) -> Matcher:
    """The matcher of a pattern given as tokens, so that a `*` out of a variable can stay a plain character."""
    chunks = _chunks(pattern)
    if len(chunks) == 1:
        return _whole(chunks[0])
    first, *between, last = chunks
    middle = [chunk for chunk in between if chunk.length]
    if not middle and not last.length and first.solid is not None:
        return _prefix(first.solid)
    return _several(first, middle, last)


class _Chunk:
    """What stands between two stars: literal pieces at fixed distances, and holes (`?`) between them."""

    __slots__ = ("length", "pieces", "solid")

    def __init__(self, parts: list[Token]) -> None:
        self.pieces: list[tuple[int, str]] = []
        self.length = 0
        for part in parts:
            if isinstance(part, str):
                self.pieces.append((self.length, part))
            self.length += len(part) if isinstance(part, str) else 1
        literal = "".join(piece for _, piece in self.pieces)
        self.solid: str | None = literal if len(literal) == self.length else None

    def stands(self, text: str, at: int) -> bool:
        """Whether it matches here; the caller has checked that it fits."""
        return all(text.startswith(piece, at + offset) for offset, piece in self.pieces)

    def find(self, text: str, start: int, limit: int) -> int:
        """The first place from `start` on where it matches and ends before `limit`, or -1."""
        if self.solid is not None:
            return text.find(self.solid, start, limit)
        count = limit - start - self.length + 1
        if count <= 0:
            return -1
        # One bit for each place where it may begin: a whole text is tried at once, whatever it looks like.
        places = ((1 << count) - 1) << start
        for offset, piece in self.pieces:
            for distance, sign in enumerate(piece, offset):
                places &= _where(text, sign) >> distance
        return (places & -places).bit_length() - 1


@lru_cache(maxsize=512)
def _where(text: str, sign: str) -> int:
    """The places of a character in a text, as the bits of a number."""
    return int("".join("1" if other == sign else "0" for other in reversed(text)), 2)


def _chunks(pattern: Iterable[Token]) -> list[_Chunk]:
    parts: list[list[Token]] = [[]]
    for token in pattern:
        if token is Wild.ANY:
            parts.append([])
        else:
            parts[-1].append(token)
    return [_Chunk(part) for part in parts]


def _whole(chunk: _Chunk) -> Matcher:
    if chunk.solid is not None:
        return chunk.solid.__eq__
    return lambda text: len(text) == chunk.length and chunk.stands(text, 0)


def _prefix(literal: str) -> Matcher:
    return lambda text: text.startswith(literal)


def _several(first: _Chunk, middle: list[_Chunk], last: _Chunk) -> Matcher:
    shortest = first.length + sum(chunk.length for chunk in middle) + last.length

    def matches(text: str) -> bool:
        limit = len(text) - last.length
        if len(text) < shortest or not first.stands(text, 0) or not last.stands(text, limit):
            return False
        here = first.length
        for chunk in middle:
            found = chunk.find(text, here, limit)
            if found < 0:
                return False
            here = found + chunk.length
        return True

    return matches
