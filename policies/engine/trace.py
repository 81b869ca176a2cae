"""What was seen of one statement: for each element what it wanted, what it saw, and whether they met."""

from __future__ import annotations

from policies.engine.decision import Source
from policies.engine.layout import Json, Layout, Shape, shortened
from policies.engine.messages import sentence
from policies.engine.positioned import Span
from policies.engine.principal import Way
from policies.engine.reasons import Reason
from policies.engine.statement import Statement

Values = tuple[str | None, ...]


class Element:
    """One element of a statement: what it wanted, what it saw, whether they met."""

    __slots__ = ("matched", "plain_seen", "shape")

    # What only a `PeculiarElement` has to say.
    reason: Reason | None = None
    filled: Values | None = None
    missing: tuple[str, ...] = ()

    def __init__(self, shape: Shape, matched: bool, seen: list[str]) -> None:
        self.shape = shape
        self.matched = matched
        self.plain_seen = seen

    @property
    def name(self) -> str:
        return self.shape.name

    @property
    def seen(self) -> tuple[str, ...]:
        return tuple(self.plain_seen)

    @property
    def wanted(self) -> tuple[str, ...]:
        return self.shape.wanted

    @property
    def resolved(self) -> Values:
        """What was wanted, with variables filled in; None for a value one of whose variables has none."""
        return self.shape.wanted if self.filled is None else self.filled

    @property
    def operator(self) -> str:
        return self.shape.operator

    @property
    def key(self) -> str:
        return self.shape.key

    @property
    def note(self) -> str:
        """What wanted and seen values do not tell by themselves."""
        return sentence(self.reason) if self.reason else ""

    def to_dict(self) -> Json:
        """The element as plain JSON values; some of them are shared, so nobody may write into it."""
        found = self.shape.plain.copy()
        found["matched"] = self.matched
        found["seen"] = self.plain_seen
        return found


class PeculiarElement(Element):
    """One with a reason, with values that differ once variables are `filled` in, or with keys that are missing."""

    __slots__ = ("filled", "missing", "reason")

    def __init__(
        self,
        shape: Shape,
        matched: bool,
        seen: list[str],
        reason: Reason | None,
        filled: Values | None = None,
        missing: tuple[str, ...] = (),
    ) -> None:
        super().__init__(shape, matched, seen)
        self.reason, self.filled, self.missing = reason, filled, missing

    def to_dict(self) -> Json:
        found = super().to_dict()
        if self.resolved != self.wanted:
            found["resolved"] = shortened(self.resolved)
        if self.reason is not None:
            found["reason"], found["note"] = self.reason.value, self.note
        if self.missing:
            found["missing"] = [*self.missing]
        return found


class StatementTrace:
    """A statement and all its elements; it applied when every element matched."""

    __slots__ = ("applied", "elements", "layout", "way")

    def __init__(self, layout: Layout, elements: list[Element], way: Way | None) -> None:
        self.layout, self.elements, self.way = layout, elements, way
        self.applied = True
        for element in elements:
            if not element.matched:
                self.applied = False
                break

    @property
    def statement(self) -> Statement:
        return self.layout.statement

    @property
    def index(self) -> int:
        return self.statement.index

    @property
    def sid(self) -> str:
        return self.statement.sid

    @property
    def effect(self) -> str:
        return self.statement.effect

    @property
    def span(self) -> Span:
        return self.statement.span

    @property
    def failing(self) -> tuple[Element, ...]:
        return tuple(element for element in self.elements if not element.matched)

    @property
    def about_the_action(self) -> bool:
        return self.elements[0].matched

    def to_dict(self) -> Json:
        found = self.layout.plain.copy()
        found["applied"] = self.applied
        if self.way is not None:
            found["way"] = self.way.value
        elements: list[Json] = []
        found["elements"] = elements
        for element in self.elements:
            elements.append(element.to_dict())  # noqa: PERF401 - a comprehension costs more, for two or three
        return found


class PolicyTrace:
    """A policy of a layer; `level` counts from the organization's root where the type has levels."""

    __slots__ = ("level", "source", "statements")

    def __init__(self, source: Source, level: int, statements: tuple[StatementTrace, ...]) -> None:
        self.source, self.level, self.statements = source, level, statements

    def to_dict(self) -> Json:
        return {
            "source": self.source.to_dict(),
            "level": self.level,
            "statements": [each.to_dict() for each in self.statements],
        }
