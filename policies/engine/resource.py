"""The Resource and NotResource elements."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from policies.engine import arn
from policies.engine.request import Request
from policies.engine.variables import Keys, Template, Variable, template
from policies.engine.wildcard import Matcher, Token, glob, tokens


@dataclass(frozen=True, slots=True)
class ResourcePattern:
    """One ARN pattern; `fixed` is its matcher when no variable stands in it.

    `starred`: where a `*` stands before the fifth colon of a whole ARN, what stands before its first wildcard.
    """

    raw: str
    head: tuple[str, ...]
    rest: Template
    fixed: Matcher | None
    starred: str | None

    def matches(self, request: Request) -> bool:
        if self.fixed is not None:
            return self.fixed(request.target)
        rest = self.rest.resolve(request.keys)
        return rest is not None and arn.segmented(self.head, glob(rest))(request.target)

    def matches_over_colons(self, request: Request) -> bool:
        """Whether it would match if a `*` before the fifth colon could stand for colons too."""
        if self.starred is None or not request.target.startswith(self.starred):
            return False
        rest = self.rest.resolve(request.keys)
        return rest is not None and _over_colons(self.head, tuple(rest))(request.target)

    def resolved(self, keys: Keys) -> str | None:
        """The pattern with its variables filled in, or None when one has no value."""
        rest = self.rest.text(keys)
        return None if rest is None else ":".join((*self.head, rest))


@lru_cache(maxsize=1024)
def _over_colons(head: tuple[str, ...], rest: tuple[Token, ...]) -> Matcher:
    return glob([*tokens(":".join((*head, ""))), *rest])


@dataclass(frozen=True, slots=True)
class Resources:
    """The whole element: one of the patterns, or, negated, none of them."""

    patterns: tuple[ResourcePattern, ...]
    negated: bool
    whole: Matcher | None
    """The whole element as one matcher of the resource, where no variable stands in it: most statements are so."""
    raw: tuple[str, ...]
    variables: tuple[Variable, ...]
    may_differ: bool
    """Whether resolving variables and escapes may give other texts than `raw`."""
    short: tuple[ResourcePattern, ...]
    """The patterns whose `*` may run on over colons."""

    def matches(self, request: Request) -> bool:
        if self.whole is not None:
            return self.whole(request.target)
        for pattern in self.patterns:
            if pattern.matches(request):
                return not self.negated
        return self.negated


def compile_resources(values: list[str], *, negated: bool, variables: bool) -> Resources:
    """Compile the element; `variables` is whether the document's version knows them."""
    patterns = tuple(_compile(value, variables) for value in values)
    return Resources(
        patterns=patterns,
        negated=negated,
        whole=_whole([pattern.fixed for pattern in patterns], negated),
        raw=tuple(values),
        variables=tuple(variable for pattern in patterns for variable in pattern.rest.variables),
        may_differ=any(pattern.resolved({}) != pattern.raw for pattern in patterns),
        short=tuple(pattern for pattern in patterns if arn.runs_over_colons(pattern.raw)),
    )


def _whole(found: list[Matcher | None], negated: bool) -> Matcher | None:
    matchers = tuple(matcher for matcher in found if matcher is not None)
    if len(matchers) < len(found):
        return None
    if negated:
        return lambda target: not any(matches(target) for matches in matchers)
    return _any(matchers)


def _any(matchers: tuple[Matcher, ...]) -> Matcher:
    if len(matchers) == 1:
        return matchers[0]
    if len(matchers) == 2:
        first, second = matchers
        return lambda target: first(target) or second(target)
    return lambda target: any(matches(target) for matches in matchers)


def _compile(raw: str, variables: bool) -> ResourcePattern:
    head, rest = arn.cut(raw)
    # Variables count only after the fifth colon, so a short ARN has no place for them.
    tail = template(rest, variables=variables and len(head) == arn.PARTS - 1, wild=True)
    starred = len(head) == arn.PARTS - 1 and any("*" in part for part in head)
    before = raw.partition("*")[0].partition("?")[0] if starred else None
    return ResourcePattern(raw, tuple(head), tail, _fixed(head, tail), before)


def _fixed(head: list[str], tail: Template) -> Matcher | None:
    rest = tail.fixed
    if rest is None:
        return None
    return arn.anchored(head, rest) or arn.segmented(head, glob(rest))
