"""The Action and NotAction elements: names compare without case, and no wildcard reaches across the colon."""

from __future__ import annotations

from dataclasses import dataclass

from policies.engine.wildcard import Matcher, glob_text


@dataclass(frozen=True, slots=True)
class ActionPattern:
    """One pattern; `service` is the prefix it is bound to, None when it may match every service."""

    raw: str
    service: str | None
    exact: str | None
    matches: Matcher


@dataclass(frozen=True, slots=True)
class Actions:
    """The whole element; `services` are those it can match, None for all."""

    patterns: tuple[ActionPattern, ...]
    negated: bool
    services: frozenset[str] | None
    raw: tuple[str, ...]

    def matches(self, action: str) -> bool:
        """Whether an action in lower case is meant."""
        if self.services is not None and action.partition(":")[0] not in self.services:
            return False
        for pattern in self.patterns:
            if pattern.matches(action):
                return not self.negated
        return self.negated


def compile_actions(values: list[str], *, negated: bool) -> Actions:
    patterns = tuple(_compile(value) for value in values)
    bound = [pattern.service for pattern in patterns if pattern.service is not None]
    everywhere = negated or len(bound) < len(patterns)
    return Actions(patterns, negated, None if everywhere else frozenset(bound), tuple(values))


def _compile(raw: str) -> ActionPattern:
    wanted = raw.lower()
    if wanted.strip("*") == "" and wanted:
        return ActionPattern(raw, None, None, lambda action: True)
    service, colon, name = wanted.partition(":")
    if not colon or any(sign.isspace() or sign == "," for sign in wanted):
        return ActionPattern(raw, "", None, lambda action: False)
    if "*" in service or "?" in service:
        return ActionPattern(raw, None, None, _by_parts(glob_text(service), glob_text(name)))
    wild = "*" in name or "?" in name
    return ActionPattern(raw, service, None if wild else wanted, glob_text(wanted))


def _by_parts(service_matches: Matcher, name_matches: Matcher) -> Matcher:
    def matches(action: str) -> bool:
        service, colon, name = action.partition(":")
        return bool(colon) and service_matches(service) and name_matches(name)

    return matches
