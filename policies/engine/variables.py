"""Policy variables: `${key}`, `${key, 'default'}` and the escapes `${*}` `${?}` `${$}`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from policies.engine.wildcard import Token, Wild, tokens

Keys = Mapping[str, "str | tuple[str, ...]"]

_OPENING, _CLOSING = "${", "}"
_ESCAPES = frozenset("*?$")


@dataclass(frozen=True, slots=True)
class Variable:
    """A reference to a context key; the key is in lower case."""

    raw: str
    key: str
    default: str | None = None

    def value(self, keys: Keys) -> str | None:
        """What it stands for; a key with several values, or none, leaves the default or nothing."""
        found = keys.get(self.key)
        return found if isinstance(found, str) else self.default


Part = Token | Variable


@dataclass(frozen=True, slots=True)
class Template:
    """A policy value cut into plain text, wildcards and variables."""

    raw: str
    parts: tuple[Part, ...]

    @property
    def variables(self) -> list[Variable]:
        return [part for part in self.parts if isinstance(part, Variable)]

    def resolve(self, keys: Keys) -> list[Token] | None:
        """The value with its variables filled in as plain text, or None when one of them has no value."""
        found: list[Token] = []
        for part in self.parts:
            if isinstance(part, Variable):
                value = part.value(keys)
                if value is None:
                    return None
                found.append(value)
            else:
                found.append(part)
        return found

    def text(self, keys: Keys) -> str | None:
        """The resolved value as one text, wildcards written as themselves."""
        found = self.resolve(keys)
        return None if found is None else "".join(part if isinstance(part, str) else part.value for part in found)

    @property
    def fixed(self) -> list[Token] | None:
        """The tokens of a value that is the same for every request."""
        return None if self.variables else self.resolve({})


def template(raw: str, *, variables: bool, wild: bool) -> Template:
    """Cut a value; `wild`: a bare `*` or `?` is a wildcard here, `variables`: `${` means something."""
    parts: list[Part] = []
    here = 0
    for start, end in _references(raw) if variables else ():
        parts += _plain(raw[here:start], wild)
        parts.append(_reference(raw[start:end]))
        here = end
    return Template(raw, (*parts, *_plain(raw[here:], wild)))


def _references(raw: str) -> Iterator[tuple[int, int]]:
    """Where references begin and end; one that never ends is plain text, and so is all that follows it."""
    start = raw.find(_OPENING)
    while start >= 0:
        end = raw.find(_CLOSING, start) + 1
        if not end:
            return
        yield start, end
        start = raw.find(_OPENING, end)


def _plain(text: str, wild: bool) -> list[Token]:
    if wild:
        return tokens(text)
    return [text] if text else []


def _reference(raw: str) -> Part:
    inside = raw[len(_OPENING) : -len(_CLOSING)]
    if inside in _ESCAPES:
        return inside
    key, _, default = inside.partition(", '")
    if default.endswith("'"):
        return Variable(raw, key.lower(), default[:-1])
    return Variable(raw, inside.lower())


def split_arn(pattern: list[Token]) -> list[list[Token]] | None:
    """The six parts of an ARN pattern, cut at its first five colons, or None when it has fewer."""
    parts: list[list[Token]] = [[]]
    for token in pattern:
        if isinstance(token, Wild):
            parts[-1].append(token)
            continue
        first, *more = token.split(":", 6 - len(parts))
        parts[-1].append(first)
        parts += [[piece] for piece in more]
    return parts if len(parts) == 6 else None
