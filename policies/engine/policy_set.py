"""All policies that bear on a caller, indexed so that a decision looks only at statements that may apply."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, field

from policies.engine.conditions import Check
from policies.engine.decision import Layer, MatchedStatement, Source
from policies.engine.document import Document
from policies.engine.layout import Layout
from policies.engine.principal import PrincipalKind, Principals
from policies.engine.resource import Resources
from policies.engine.statement import Statement
from policies.engine.wildcard import Matcher

_REMEMBERED_ACTIONS = 2048
MANY = 16
"""From so many candidates on, those that name the same resources are asked as one."""


@dataclass(frozen=True)
class Policy:
    """A compiled document and where it comes from."""

    document: Document
    source: Source


@dataclass(frozen=True, slots=True)
class Entry:
    """A statement of a bundle; `principals` is None where the element does not count or names everyone by default.

    What follows `policy` is what a bare decision asks, laid out beforehand.
    """

    order: int
    statement: Statement
    principals: Principals | None
    matched: MatchedStatement
    policy: Policy
    deny: bool
    whole: Matcher | None
    varying: Resources | None
    checks: tuple[Check, ...]


def _entry(order: int, policy: Policy, statement: Statement, *, named: bool) -> Entry:
    resources = statement.resources
    whole = resources.whole if resources else None
    return Entry(
        order=order,
        statement=statement,
        principals=statement.principals if named else None,
        matched=MatchedStatement(policy.source, statement.index, statement.sid, statement.effect),
        policy=policy,
        deny=statement.deny,
        whole=whole,
        varying=resources if whole is None else None,
        checks=tuple(condition.check for condition in statement.conditions),
    )


class Sieve:
    """Candidates by what their Resource elements say: many statements say the same, and each text is asked once."""

    __slots__ = ("matchers", "pairs")

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.matchers: list[Matcher] = []
        self.pairs: list[tuple[Entry, int]] = []
        places: dict[tuple[tuple[str, ...], bool, bool], int] = {}
        for entry in entries:
            resources = entry.statement.resources
            if resources is None or entry.whole is None:
                self.pairs.append((entry, -1))
                continue
            # The same text means something else in a document of the other version when an escape stands in it.
            key = (resources.raw, resources.negated, resources.may_differ)
            if key not in places:
                places[key] = len(self.matchers)
                self.matchers.append(entry.whole)
            self.pairs.append((entry, places[key]))

    def sift(self, target: str) -> list[Entry]:
        """Those that may apply, in the order of the documents."""
        fits = [matches(target) for matches in self.matchers]
        # The last place stands for entries that no matcher here knows.
        fits.append(True)
        return [entry for entry, place in self.pairs if fits[place]]


class Bundle:
    """The policies of one type, or of one level of one type, as one set of statements.

    `named`: the Principal element counts. `own`: the policies belong to the resource, so a statement without
    Resource is about it, and one without Principal is about nobody.
    """

    __slots__ = (
        "_by_action",
        "_by_service",
        "_everywhere",
        "_found",
        "_layouts",
        "_sieves",
        "entries",
        "named",
        "own",
        "policies",
    )

    def __init__(self, policies: Iterable[Policy], *, named: bool = False, own: bool = False) -> None:
        self.policies = tuple(policies)
        self.named, self.own = named, own
        self.entries = tuple(self._read())
        self._by_action: dict[str, list[Entry]] = {}
        self._by_service: dict[str, list[Entry]] = {}
        self._everywhere: list[Entry] = []
        self._found: dict[str, tuple[Entry, ...]] = {}
        self._sieves: dict[str, Sieve] = {}
        self._layouts: tuple[Layout, ...] = ()
        for entry in self.entries:
            self._index(entry)

    def candidates(self, action: str) -> tuple[Entry, ...]:
        """The statements about an action (in lower case), in the order of the documents."""
        found = self._found.get(action)
        if found is None:
            found = self._search(action)
            if len(self._found) >= _REMEMBERED_ACTIONS:
                self._found.clear()
                self._sieves.clear()
            self._found[action] = found
        return found

    def sifted(self, action: str, target: str) -> list[Entry]:
        """The candidates whose Resource element fits, or has variables and must still be asked."""
        sieve = self._sieves.get(action)
        if sieve is None:
            sieve = self._sieves[action] = Sieve(self.candidates(action))
        return sieve.sift(target)

    @property
    def layouts(self) -> tuple[Layout, ...]:
        """What explanations say of each statement, made when the first one is asked for."""
        if not self._layouts:
            self._layouts = tuple(Layout(entry.statement) for entry in self.entries)
        return self._layouts

    def complete(self, statement: Statement) -> bool:
        """Whether the statement has the elements without which it says nothing here."""
        if statement.actions is None or (statement.resources is None and not self.own):
            return False
        return statement.principals is not None or not self.own

    def _read(self) -> Iterable[Entry]:
        pairs = [(policy, statement) for policy in self.policies for statement in policy.document.statements]
        for order, (policy, statement) in enumerate(pairs):
            yield _entry(order, policy, statement, named=self.named)

    def _index(self, entry: Entry) -> None:
        actions = entry.statement.actions
        if actions is None or not self.complete(entry.statement):
            return
        if actions.services is None:
            self._everywhere.append(entry)
            return
        exact = {pattern.exact for pattern in actions.patterns if pattern.exact is not None}
        for action in exact:
            self._by_action.setdefault(action, []).append(entry)
        for service in {pattern.service for pattern in actions.patterns if pattern.exact is None}:
            self._by_service.setdefault(service or "", []).append(entry)

    def _search(self, action: str) -> tuple[Entry, ...]:
        service = action.partition(":")[0]
        exact = self._by_action.get(action, [])
        maybe = [*self._by_service.get(service, []), *self._everywhere]
        found = {entry.order: entry for entry in exact}
        found |= {entry.order: entry for entry in maybe if matches_action(entry.statement, action)}
        return tuple(found[order] for order in sorted(found))


def matches_action(statement: Statement, action: str) -> bool:
    """Whether a statement is about an action (in lower case)."""
    return statement.actions is not None and statement.actions.matches(action)


_Levels = tuple[tuple[Policy, ...], ...]


@dataclass(frozen=True)
class PolicySet:
    """The policies in force for one caller and one resource; None means that no policy of that type applies.

    `session_levels` narrow a session further: each must allow, as must the session policies themselves.

    An empty tuple is a type in force that allows nothing, except for levels, where it means no organization.
    Building the set is the expensive part: keep it and decide many times.
    """

    identity: tuple[Policy, ...] = ()
    boundary: tuple[Policy, ...] | None = None
    session: tuple[Policy, ...] | None = None
    resource: Policy | None = None
    scp_levels: _Levels | None = None
    rcp_levels: _Levels | None = None
    endpoint: tuple[Policy, ...] | None = None
    session_levels: _Levels = ()
    bundles: Bundles = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "bundles", Bundles(self))

    def with_resource(self, policy: Policy | None) -> PolicySet:
        """The same set for a resource with another policy; what is indexed already is shared."""
        other = copy(self)
        object.__setattr__(other, "resource", policy)
        object.__setattr__(other, "bundles", self.bundles.with_resource(policy))
        return other


Road = tuple[tuple[Layer, tuple[Bundle, ...]], ...]


class Bundles:
    """The indexed form of a policy set: for each type its levels, most types having one."""

    __slots__ = ("boundary", "endpoint", "identity", "rcp", "resource", "roads", "scp", "session")

    def __init__(self, policies: PolicySet) -> None:
        self.identity = (Bundle(policies.identity),)
        self.boundary = _one(policies.boundary)
        self.session = (*_one(policies.session), *(Bundle(level) for level in policies.session_levels))
        self.resource = _of_resource(policies.resource)
        self.scp = tuple(Bundle(level) for level in policies.scp_levels or ())
        self.rcp = tuple(Bundle(level, named=True) for level in policies.rcp_levels or ())
        self.endpoint = _one(policies.endpoint, named=True)
        # Filled by `evaluate`: the bundles in force, by the caller's kind.
        self.roads: dict[tuple[PrincipalKind, bool], Road] = {}

    def with_resource(self, policy: Policy | None) -> Bundles:
        other = copy(self)
        other.resource = _of_resource(policy)
        other.roads = {}
        return other


def _of_resource(policy: Policy | None) -> tuple[Bundle, ...]:
    return () if policy is None else (Bundle([policy], named=True, own=True),)


def _one(policies: tuple[Policy, ...] | None, *, named: bool = False) -> tuple[Bundle, ...]:
    return () if policies is None else (Bundle(policies, named=named),)
