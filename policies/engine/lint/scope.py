"""The document as the linter's rules see it: statements taken apart, tolerant of everything that is valid JSON."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property, lru_cache

from policies.engine.lint.facts import CatalogFacts
from policies.engine.positioned import Node
from policies.engine.validate_kinds import CURRENT_VERSION, DocumentKind, element_strings, statements, text_of
from policies.engine.validate_operators import Operator, parse_operator
from policies.engine.validate_principals import StatedPrincipal, stated_principals
from policies.engine.wildcard import Matcher, glob_text

matcher = lru_cache(maxsize=8192)(glob_text)


LONGEST_SUGGESTED = 80


class Budget:
    """How often something costly may still be done for this document; machine-made documents exhaust it."""

    __slots__ = ("left",)

    def __init__(self, left: int) -> None:
        self.left = left

    def spend(self, count: int = 1) -> bool:
        """Whether there was enough left."""
        self.left -= count
        return self.left >= 0


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """One key under one operator; `operator` is None when nobody knows it."""

    operator_node: Node
    operator: Operator | None
    key_node: Node
    key: str
    values_node: Node

    @property
    def values(self) -> list[Node]:
        return self.values_node.items if self.values_node.kind == "array" else [self.values_node]


@dataclass(frozen=True, eq=False)
class Statement:
    """One statement; the lists hold the strings of its elements and are empty where there is nothing to read."""

    node: Node

    @property
    def allows(self) -> bool:
        effect = self.node.get("Effect")
        return effect is not None and effect.value == "Allow"

    @property
    def denies(self) -> bool:
        effect = self.node.get("Effect")
        return effect is not None and effect.value == "Deny"

    @cached_property
    def actions(self) -> list[Node]:
        return element_strings(self.node, "Action")

    @cached_property
    def not_actions(self) -> list[Node]:
        return element_strings(self.node, "NotAction")

    @cached_property
    def resources(self) -> list[Node]:
        return element_strings(self.node, "Resource")

    @cached_property
    def not_resources(self) -> list[Node]:
        return element_strings(self.node, "NotResource")

    @cached_property
    def principals(self) -> list[tuple[StatedPrincipal, Node]]:
        """The principals of Principal (not of NotPrincipal), each with its place."""
        node = self.node.get("Principal")
        if node is None:
            return []
        places = (
            [node]
            if node.kind == "string"
            else [n for key, _ in node.members for n in element_strings(node, text_of(key))]
        )
        return list(zip(stated_principals(node), places, strict=True))

    @cached_property
    def conditions(self) -> list[Condition]:
        block = self.node.get("Condition")
        return [
            Condition(operator, parse_operator(text_of(operator)), key, text_of(key).lower(), values)
            for operator, keys in (block.members if block else ())
            for key, values in keys.members
        ]

    @property
    def is_conditional(self) -> bool:
        return bool(self.conditions)

    def has_condition_on(self, *keys: str) -> bool:
        return any(condition.key in keys for condition in self.conditions)

    def covers_action(self, action: str) -> bool:
        """Whether this action (in lower case) is one the statement is about."""
        return self.action_node(action) is not None

    def action_node(self, action: str) -> Node | None:
        """The entry of Action or NotAction that makes the statement cover the action."""
        named = next((node for node, matches in self._matchers if matches(action)), None)
        if self.not_actions:
            return self.not_actions[0] if named is None else None
        return named

    @cached_property
    def _matchers(self) -> list[tuple[Node, Matcher]]:
        return [(node, matcher(text_of(node).lower())) for node in self.not_actions or self.actions]


@dataclass(frozen=True, eq=False)
class Scope:
    """One document to lint, what it is used as, and what is known around it."""

    document: Node
    text: str
    kind: DocumentKind
    catalog: CatalogFacts | None = None
    account_id: str | None = None
    quota: int | None = None
    _expanded: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _names_of: dict[str, dict[str, str]] = field(default_factory=dict)
    suggestions: Budget = field(default_factory=lambda: Budget(20))
    overlaps: Budget = field(default_factory=lambda: Budget(10_000))
    comparisons: Budget = field(default_factory=lambda: Budget(50_000))

    @cached_property
    def statements(self) -> list[Statement]:
        found = statements(self.document) if self.document.kind == "object" else []
        return [Statement(node) for node in found if node.kind == "object"]

    @property
    def is_current_version(self) -> bool:
        version = self.document.get("Version")
        return version is not None and version.value == CURRENT_VERSION

    def nearest(self, text: str, known: Iterable[str]) -> str:
        """The known name that looks most like the text, or nothing."""
        if len(text) > LONGEST_SUGGESTED or not self.suggestions.spend():
            return ""
        spelled = {name.lower(): name for name in known}
        near = get_close_matches(text.lower(), spelled, n=1, cutoff=0.7)
        return spelled[near[0]] if near else ""

    def expand(self, pattern: str) -> tuple[str, ...]:
        """The known actions (`s3:GetObject`) a pattern matches; its service must be spelled out."""
        wanted = pattern.lower()
        if wanted not in self._expanded:
            self._expanded[wanted] = tuple(self._expand(wanted))
        return self._expanded[wanted]

    def _expand(self, wanted: str) -> list[str]:
        service, _, name = wanted.partition(":")
        if not name:
            return []
        if "*" not in name and "?" not in name:
            known = self._names(service).get(name)
            return [f"{service}:{known}"] if known else []
        matches = glob_text(name)
        return [f"{service}:{known}" for lower, known in self._names(service).items() if matches(lower)]

    def _names(self, service: str) -> dict[str, str]:
        if service not in self._names_of:
            names = self.catalog.action_names(service) if self.catalog else ()
            self._names_of[service] = {name.lower(): name for name in names}
        return self._names_of[service]
