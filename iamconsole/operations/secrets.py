"""A secret is a type of its own, so that it never reaches a log, an event, a template or a repr by accident."""

from __future__ import annotations

from typing import NoReturn

MASK = "HIDDEN_DUE_TO_SECURITY_REASONS"


class Secret:
    """Text that shows itself only to `reveal()`."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The text itself: call it where the secret is used or shown once, nowhere else."""
        return self._value

    def __repr__(self) -> str:
        return MASK

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return MASK

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret is not pickled")
