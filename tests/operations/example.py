"""One working call of an operation, for the contract tests that walk the registry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Example:
    """Inputs that work once `setup` has made what they name; what `setup` returns is merged into them."""

    inputs: Mapping[str, object] = field(default_factory=dict)
    setup: Callable[[], Mapping[str, object] | None] | None = None
    # The error code that anybody but the example's own user gets (ChangePassword), None where others can call it.
    fails_for_others: str | None = None
    # What a caller must be allowed besides the operation itself (passing a role).
    needs: tuple[str, ...] = ()
