"""Numeric operators: whole or decimal numbers, compared exactly."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from decimal import Decimal

from policies.engine.conditions.operator import Operator, Test, by_name, never
from policies.engine.variables import Keys, Template

_NUMBER = re.compile(r"[+-]?[0-9]{1,64}(\.[0-9]{1,64})?")


def number(text: str) -> Decimal | None:
    """The number a text spells, or None: `10abc` and `1e3` are no numbers."""
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def _comparing(compare: Callable[[Decimal, Decimal], bool]) -> Callable[[Template], Test]:
    def read(value: Template) -> Test:
        wanted = number(value.raw)
        if wanted is None:
            return never

        def test(seen: str, keys: Keys) -> bool:
            found = number(seen)
            return found is not None and compare(found, wanted)

        return test

    return read


OPERATORS = by_name(
    Operator("NumericEquals", _comparing(operator.eq)),
    Operator("NumericNotEquals", _comparing(operator.eq), negated=True),
    Operator("NumericLessThan", _comparing(operator.lt)),
    Operator("NumericLessThanEquals", _comparing(operator.le)),
    Operator("NumericGreaterThan", _comparing(operator.gt)),
    Operator("NumericGreaterThanEquals", _comparing(operator.ge)),
)
