"""The Resource and NotResource elements."""

from __future__ import annotations

from dataclasses import dataclass

from policies.engine import arn
from policies.engine.request import Request
from policies.engine.variables import Keys, Template, template
from policies.engine.wildcard import Matcher, glob


@dataclass(frozen=True, slots=True)
class ResourcePattern:
    """One ARN pattern; `fixed` is its matcher when no variable stands in it."""

    raw: str
    head: tuple[str, ...]
    rest: Template
    fixed: Matcher | None

    def matches(self, request: Request) -> bool:
        if self.fixed is not None:
            return self.fixed(request.target)
        rest = self.rest.resolve(request.keys)
        return rest is not None and arn.segmented(self.head, glob(rest))(request.target)

    def resolved(self, keys: Keys) -> str | None:
        """The pattern with its variables filled in, or None when one has no value."""
        rest = self.rest.text(keys)
        return None if rest is None else ":".join((*self.head, rest))


@dataclass(frozen=True, slots=True)
class Resources:
    """The whole element: one of the patterns, or, negated, none of them."""

    patterns: tuple[ResourcePattern, ...]
    negated: bool
    only: Matcher | None
    """The matcher that is the whole element, if it is as simple as that: most statements are."""

    def matches(self, request: Request) -> bool:
        for pattern in self.patterns:
            if pattern.matches(request):
                return not self.negated
        return self.negated


def compile_resources(values: list[str], *, negated: bool, variables: bool) -> Resources:
    """Compile the element; `variables` is whether the document's version knows them."""
    patterns = tuple(_compile(value, variables) for value in values)
    only = patterns[0].fixed if len(patterns) == 1 and not negated else None
    return Resources(patterns, negated, only)


def _compile(raw: str, variables: bool) -> ResourcePattern:
    head, rest = arn.cut(raw)
    # Variables count only after the fifth colon, so a short ARN has no place for them.
    tail = template(rest, variables=variables and len(head) == arn.PARTS - 1, wild=True)
    return ResourcePattern(raw, tuple(head), tail, _fixed(head, tail))


def _fixed(head: list[str], tail: Template) -> Matcher | None:
    rest = tail.fixed
    if rest is None:
        return None
    if any("*" in part or "?" in part for part in head):
        return arn.segmented(head, glob(rest))
    # Nothing can float in a plain head: comparing the whole text is the same and faster.
    return glob([":".join((*head, "")), *rest]) if head else glob(rest)
