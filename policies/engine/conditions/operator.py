"""What every condition operator is: a name, whether it negates, and how it reads one value of the policy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from policies.engine.variables import Keys, Template

Test = Callable[[str, Keys], bool]


@dataclass(frozen=True, slots=True)
class Operator:
    """One operator; `read` turns a value of the policy into the positive test of one request value."""

    name: str
    read: Callable[[Template], Test]
    negated: bool = False
    variables: bool = False
    wild: bool = False


def never(seen: str, keys: Keys) -> bool:
    """The test of a value that nothing can satisfy, such as `10abc` for a number."""
    return False


def by_name(*operators: Operator) -> dict[str, Operator]:
    return {operator.name.lower(): operator for operator in operators}
