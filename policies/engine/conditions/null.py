"""The Null operator: whether a key is there at all."""

from __future__ import annotations

from collections.abc import Sequence

from policies.engine.variables import Keys

NAME = "null"


def absent_as_wanted(values: Sequence[str], keys: Keys, lookup: str) -> bool:
    """`true` wants the key absent, `false` wants it present."""
    state = "false" if lookup in keys else "true"
    return any(value.lower() == state for value in values)
