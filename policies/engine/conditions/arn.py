"""ARN operators: six parts, each a glob of its own; Equals and Like mean the same."""

from __future__ import annotations

from policies.engine.arn import PARTS
from policies.engine.conditions.operator import Operator, Test, by_name, never
from policies.engine.variables import Keys, Template, split_arn
from policies.engine.wildcard import Matcher, Token, glob


def _matchers(pattern: list[Token] | None) -> list[Matcher] | None:
    parts = split_arn(pattern) if pattern is not None else None
    return [glob(part) for part in parts] if parts else None


def _match(matchers: list[Matcher], seen: str) -> bool:
    parts = seen.split(":", PARTS - 1)
    return len(parts) == PARTS and all(match(part) for match, part in zip(matchers, parts, strict=True))


def _read(value: Template) -> Test:
    fixed = value.fixed
    if fixed is None:
        return lambda seen, keys: _match_resolved(value, seen, keys)
    matchers = _matchers(fixed)
    return never if matchers is None else lambda seen, keys: _match(matchers, seen)


def _match_resolved(value: Template, seen: str, keys: Keys) -> bool:
    matchers = _matchers(value.resolve(keys))
    return matchers is not None and _match(matchers, seen)


OPERATORS = by_name(
    Operator("ArnEquals", _read, variables=True, wild=True),
    Operator("ArnLike", _read, variables=True, wild=True),
    Operator("ArnNotEquals", _read, negated=True, variables=True, wild=True),
    Operator("ArnNotLike", _read, negated=True, variables=True, wild=True),
)
