"""The BinaryEquals operator: bytes against bytes, base64 in the policy."""

from __future__ import annotations

import base64
import binascii

from policies.engine.conditions.operator import Operator, Test, by_name, never
from policies.engine.variables import Keys, Template


def _decoded(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


def _read(value: Template) -> Test:
    wanted = _decoded(value.raw)
    if wanted is None:
        return never

    def test(seen: str, keys: Keys) -> bool:
        # The request's bytes come either as base64 or as the text itself; nothing says which.
        return wanted in (_decoded(seen), seen.encode("utf-8", "surrogatepass"))

    return test


OPERATORS = by_name(Operator("BinaryEquals", _read))
