"""String operators: with case, without case, and with wildcards over the whole value."""

from __future__ import annotations

from policies.engine.conditions.operator import Operator, Test, by_name
from policies.engine.variables import Keys, Template
from policies.engine.wildcard import glob


def equals(value: Template) -> Test:
    """Equal to the last character; `*` and `?` are plain text."""
    if value.fixed is not None:
        wanted = value.text({})
        return lambda seen, keys: seen == wanted
    return lambda seen, keys: seen == value.text(keys)


def equals_ignore_case(value: Template) -> Test:
    def test(seen: str, keys: Keys) -> bool:
        wanted = value.text(keys)
        return wanted is not None and seen.lower() == wanted.lower()

    return test


def like(value: Template) -> Test:
    """A glob over the whole value, with case."""
    fixed = value.fixed
    if fixed is not None:
        matches = glob(fixed)
        return lambda seen, keys: matches(seen)

    def test(seen: str, keys: Keys) -> bool:
        pattern = value.resolve(keys)
        return pattern is not None and glob(pattern)(seen)

    return test


OPERATORS = by_name(
    Operator("StringEquals", equals, variables=True),
    Operator("StringNotEquals", equals, negated=True, variables=True),
    Operator("StringEqualsIgnoreCase", equals_ignore_case, variables=True),
    Operator("StringNotEqualsIgnoreCase", equals_ignore_case, negated=True, variables=True),
    Operator("StringLike", like, variables=True, wild=True),
    Operator("StringNotLike", like, negated=True, variables=True, wild=True),
)
