"""The Bool operator: true or false, in any case."""

from __future__ import annotations

from policies.engine.conditions.operator import Operator, Test, by_name
from policies.engine.variables import Keys, Template

_BOOLEANS = ("true", "false")


def _read(value: Template) -> Test:
    def test(seen: str, keys: Keys) -> bool:
        wanted = value.text(keys)
        return wanted is not None and seen.lower() == wanted.lower() and wanted.lower() in _BOOLEANS

    return test


OPERATORS = by_name(Operator("Bool", _read, variables=True))
