"""What every explanation says of a statement whatever the request: worked out once, at the first explanation."""

from __future__ import annotations

import re
from collections.abc import Sequence

from policies.engine.conditions import Condition
from policies.engine.reasons import Reason
from policies.engine.statement import Statement

_SHOWN_VALUES = 20
_FOUR_DIGITS = re.compile("[0-9]{4}")
Json = dict[str, object]


class Shape:
    """One element as the document has it; `plain` is its part of the JSON, for every explanation to copy."""

    __slots__ = ("key", "name", "operator", "plain", "wanted")

    def __init__(self, name: str, wanted: tuple[str, ...], operator: str = "", key: str = "") -> None:
        self.name, self.wanted, self.operator, self.key = name, wanted, operator, key
        # `matched` and `seen` hold their places: a copy that is filled in costs half of a dictionary made anew.
        self.plain: Json = {"element": name, "matched": False, "wanted": shortened(wanted), "seen": ()}
        if len(wanted) > _SHOWN_VALUES:
            self.plain["more"] = len(wanted) - _SHOWN_VALUES
        if key:
            self.plain |= {"operator": operator, "key": key}


class ConditionLayout:
    """A condition; `doubt` is what AWS leaves open about it, `wild` whether its operator knows wildcards.

    `peculiar`: there is more to say of it than what it wanted and saw.
    """

    __slots__ = ("condition", "doubt", "peculiar", "shape", "wild")

    def __init__(self, condition: Condition) -> None:
        name = condition.operator.lower()
        self.condition = condition
        self.shape = Shape("Condition", condition.raw, condition.operator, condition.key)
        self.wild = "like" in name or "arn" in name
        self.doubt: Reason | None = None
        if "date" in name and any(map(_FOUR_DIGITS.fullmatch, condition.raw)):
            self.doubt = Reason.FOUR_DIGITS
        elif "bool" in name and condition.variables:
            self.doubt = Reason.VARIABLE_IN_BOOL
        self.peculiar = condition.may_differ or not condition.known or self.doubt is not None


class Layout:
    """A statement's shapes; an element that it lacks has one that wants nothing.

    `peculiar`: there is more to say of its resource than what it wanted and saw; `starred`: perhaps there is.
    """

    __slots__ = ("action", "conditions", "peculiar", "plain", "principal", "resource", "starred", "statement")

    def __init__(self, statement: Statement) -> None:
        self.statement = statement
        self.plain: Json = {
            "index": statement.index,
            "sid": statement.sid,
            "effect": statement.effect,
            "applied": False,
            "way": "",
            "span": statement.span.to_dict(),
        }
        actions, resources, principals = statement.actions, statement.resources, statement.principals
        self.action = _shape("Action", actions.negated, actions.raw) if actions else Shape("Action", ())
        self.resource = _shape("Resource", resources.negated, resources.raw) if resources else Shape("Resource", ())
        self.starred = resources is not None and any(pattern.starred is not None for pattern in resources.patterns)
        self.peculiar = resources is not None and (resources.may_differ or bool(resources.short))
        self.principal = Shape("Principal", ())
        if principals:
            self.principal = _shape("Principal", principals.negated, tuple(entry.raw for entry in principals.entries))
        self.conditions = tuple(map(ConditionLayout, statement.conditions))


def _shape(name: str, negated: bool, raw: tuple[str, ...]) -> Shape:
    return Shape(f"Not{name}" if negated else name, raw)


def shortened(values: Sequence[str | None]) -> list[str | None]:
    """As many values as are shown."""
    return list(values[:_SHOWN_VALUES])
