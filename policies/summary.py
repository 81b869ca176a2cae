"""What a document permits, service by service: the table of the console's Summary view. Statements, not decisions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cached_property, lru_cache

from policies.catalog import services

LEVEL_ORDER = ("List", "Read", "Tagging", "Write", "Permissions management")
Names = frozenset[str]
# Patterns times services they are about: beyond this, matching them would keep a page waiting for seconds.
MOST_PATTERNS = 20_000


@dataclass(frozen=True)
class Grant:
    """What one statement says about one service; `names` None means every action."""

    names: Names | None
    resources: tuple[str, ...]
    conditions: tuple[str, ...]


@dataclass
class ServiceRow:
    """One service in the summary."""

    prefix: str
    name: str
    known: bool
    grants: list[Grant] = field(default_factory=list)

    @cached_property
    def names(self) -> Names | None:
        if any(grant.names is None for grant in self.grants):
            return None
        return frozenset[str]().union(*(grant.names or () for grant in self.grants))

    @cached_property
    def access_level(self) -> str:
        """`Full access`, or which levels are granted whole and which in part."""
        if not self.known:
            return "Unrecognized service"
        names = self.names
        if names is None:
            return "Full access"
        full, limited = _levels(self.prefix, names)
        if not limited and len(full) == len(_totals(self.prefix)):
            return "Full access"
        parts = [("Full", full), ("Limited", limited)]
        return " ".join(f"{word}: {', '.join(levels)}" for word, levels in parts if levels) or "None"

    @property
    def resource(self) -> str:
        found = list(dict.fromkeys(each for grant in self.grants for each in grant.resources))
        if found == ["*"]:
            return "All resources"
        return found[0] if len(found) == 1 else "Multiple"

    @property
    def condition(self) -> str:
        found = list(dict.fromkeys(each for grant in self.grants for each in grant.conditions))
        return "None" if not found else found[0] if len(found) == 1 else "Multiple"


@dataclass(frozen=True)
class ActionRow:
    """One action of a service in the second level of the summary."""

    name: str
    level: str
    description: str
    resources: tuple[str, ...]
    conditions: tuple[str, ...]


@dataclass(frozen=True)
class Summary:
    """Both halves of the table; denied first, as the console shows them."""

    denied: list[ServiceRow]
    allowed: list[ServiceRow]
    total: int
    too_many: bool = False

    @property
    def remaining(self) -> list[str]:
        """The services nothing is said about."""
        said = {row.prefix for row in (*self.allowed, *self.denied)}
        return [service.name for service in services.services() if service.prefix not in said]

    def row(self, effect: str, prefix: str) -> ServiceRow | None:
        rows = self.allowed if effect == "allow" else self.denied
        return next((row for row in rows if row.prefix == prefix), None)


@lru_cache(maxsize=128)
def summarize(text: str) -> Summary:
    """The summary of a document; empty for a text that is none, and for one with too many patterns."""
    statements = list(_statements(text))
    if sum(map(_pairs, statements)) > MOST_PATTERNS:
        return Summary([], [], len(services.services()), too_many=True)
    rows: dict[str, dict[str, ServiceRow]] = {"Allow": {}, "Deny": {}}
    for statement in statements:
        effect = rows.get(str(statement.get("Effect")))
        if effect is not None:
            for prefix, grant in _grants(statement):
                effect.setdefault(prefix, _service_row(prefix)).grants.append(grant)
    denied, allowed = (sorted(rows[effect].values(), key=lambda row: row.name.lower()) for effect in ("Deny", "Allow"))
    return Summary(denied, allowed, len(services.services()))


def action_rows(row: ServiceRow) -> list[ActionRow]:
    """The actions of one service of the summary, in the order of the access levels."""
    found = [_action_row(action, row) for action in services.actions(row.prefix) if _granted(action.name, row.names)]
    return sorted(found, key=lambda each: (_rank(each.level), each.name))


def _action_row(action: services.Action, row: ServiceRow) -> ActionRow:
    grants = [grant for grant in row.grants if _granted(action.name, grant.names)]
    resources = dict.fromkeys(each for grant in grants for each in grant.resources)
    conditions = dict.fromkeys(each for grant in grants for each in grant.conditions)
    return ActionRow(action.name, action.access_level, action.description, tuple(resources), tuple(conditions))


def _granted(name: str, names: Names | None) -> bool:
    return names is None or name.lower() in names


def _rank(level: str) -> int:
    return LEVEL_ORDER.index(level) if level in LEVEL_ORDER else len(LEVEL_ORDER)


def _statements(text: str) -> Iterator[Mapping[str, object]]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return
    statements = document.get("Statement", []) if isinstance(document, dict) else []
    for statement in statements if isinstance(statements, list) else [statements]:
        if isinstance(statement, dict):
            yield statement


def _texts(value: object) -> list[str]:
    found = value if isinstance(value, list) else [value]
    return [each for each in found if isinstance(each, str)]


def _grants(statement: Mapping[str, object]) -> Iterator[tuple[str, Grant]]:
    resources = tuple(_texts(statement.get("Resource"))) or tuple(
        f"All resources except {each}" for each in _texts(statement.get("NotResource"))
    )
    conditions = tuple(_conditions(statement.get("Condition")))
    for prefix, names in _names_by_service(statement):
        yield prefix, Grant(names, resources, conditions)


def _conditions(block: object) -> Iterator[str]:
    for operator, keys in block.items() if isinstance(block, dict) else ():
        for key, values in keys.items() if isinstance(keys, dict) else ():
            shown = ", ".join(map(str, values if isinstance(values, list) else [values]))
            yield f"{key} | {operator} | {shown}"


def _names_by_service(statement: Mapping[str, object]) -> Iterator[tuple[str, Names | None]]:
    if "Action" in statement:
        for prefix, patterns in _patterns(_texts(statement["Action"])).items():
            yield prefix, None if "*" in patterns else _matching(prefix, patterns)
        return
    excepted = _patterns(_texts(statement.get("NotAction")))
    for service in services.services():
        patterns = excepted.get(service.prefix, [])
        if "*" not in patterns:
            yield service.prefix, _all_names(service.prefix) - _matching(service.prefix, patterns) if patterns else None


def _patterns(actions: Iterable[str]) -> dict[str, list[str]]:
    """Patterns of action names by service; `*` and `s*:Get*` are about several services."""
    found: dict[str, list[str]] = {}
    for action in dict.fromkeys(actions):
        service, colon, name = action.lower().partition(":")
        for prefix in _services_like(service):
            found.setdefault(prefix, []).append(name if colon else "*")
    return found


def _pairs(statement: Mapping[str, object]) -> int:
    """How many patterns a statement has, each counted once for every service it is about."""
    actions = _texts(statement.get("Action", statement.get("NotAction")))
    return sum(len(_services_like(action.lower().partition(":")[0])) for action in actions)


@lru_cache(maxsize=1024)
def _services_like(pattern: str) -> list[str]:
    if "*" not in pattern and "?" not in pattern:
        return [pattern]
    return [service.prefix for service in services.services() if _like(service.prefix, pattern)]


def _like(name: str, pattern: str) -> bool:
    return fnmatchcase(name, pattern.replace("[", "[[]"))


def _all_names(prefix: str) -> Names:
    return frozenset(action.name.lower() for action in services.actions(prefix))


def _matching(prefix: str, patterns: Iterable[str]) -> Names:
    wanted = list(patterns)
    return frozenset(name for name in _all_names(prefix) if any(_like(name, pattern) for pattern in wanted))


def _totals(prefix: str) -> dict[str, int]:
    totals: dict[str, int] = {}
    for action in services.actions(prefix):
        totals[action.access_level] = totals.get(action.access_level, 0) + 1
    return totals


def _levels(prefix: str, names: Names) -> tuple[list[str], list[str]]:
    """The access levels of which every action is granted, and those of which some are."""
    granted: dict[str, int] = {}
    for action in services.actions(prefix):
        if action.name.lower() in names:
            granted[action.access_level] = granted.get(action.access_level, 0) + 1
    totals = _totals(prefix)
    ordered = sorted(granted, key=_rank)
    full = [level for level in ordered if granted[level] == totals[level]]
    return full, [level for level in ordered if granted[level] < totals[level]]


def _service_row(prefix: str) -> ServiceRow:
    known = services.service(prefix)
    return ServiceRow(prefix, known.name if known else prefix, known is not None)
