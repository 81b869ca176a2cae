"""The decision: collect what every policy type says, then conclude in AWS's order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from policies.engine import services
from policies.engine.conditions import Check
from policies.engine.decision import Decision, Layer, MatchedStatement, Outcome
from policies.engine.policy_set import MANY, Bundle, Bundles, Entry, Policy, PolicySet, Road
from policies.engine.principal import Principal, PrincipalKind, Way
from policies.engine.request import Request

UNDER_SCP = frozenset(
    {PrincipalKind.ROOT, PrincipalKind.USER, PrincipalKind.ROLE_SESSION, PrincipalKind.FEDERATED_USER}
)
WITH_IDENTITY = UNDER_SCP - {PrincipalKind.ROOT}
_NOTHING = (Bundle(()),)
# What every request must pass, what limits a caller, and what a caller must have itself.
_GATES = frozenset({Layer.SCP, Layer.ENDPOINT})
_LIMITS = frozenset({Layer.BOUNDARY, Layer.SESSION})
_OWN = _LIMITS | {Layer.IDENTITY}


class Verdict(NamedTuple):
    """What one set of statements says; `ways` tells how its Allows name the caller."""

    denies: list[MatchedStatement]
    allows: list[MatchedStatement]
    ways: list[Way]


# What most bundles say to most requests; nobody may write into it.
SILENCE = Verdict([], [], [])
Findings = dict[Layer, list[Verdict]]


def decide(request: Request, policies: PolicySet) -> Decision:
    """Decide one request; `explain` gives the same decision."""
    return conclude(request, policies, collect(request, policies))


def collect(request: Request, policies: PolicySet) -> Findings:
    """What each policy type in force says, in the order in which AWS looks at them."""
    bounded = is_bounded(request, policies)
    findings: Findings = {}
    for layer, bundles in in_force(request, policies):
        if len(bundles) == 1:
            findings[layer] = [read(bundles[0], request, bounded)]
        else:
            findings[layer] = [read(bundle, request, bounded) for bundle in bundles]
    return findings


def is_bounded(request: Request, policies: PolicySet) -> bool:
    """Whether a permissions boundary limits the caller; root, services and strangers cannot have one."""
    return policies.boundary is not None and request.principal.kind in WITH_IDENTITY


def in_force(request: Request, policies: PolicySet) -> Road:
    """The policy types that count for this request; the order is that of AWS's evaluation flow."""
    bundles, caller = policies.bundles, request.principal
    key = (caller.kind, caller.service_linked)
    road = bundles.roads.get(key)
    if road is None:
        road = bundles.roads[key] = tuple(_road(bundles, caller))
    if bundles.rcp and services.rcps_apply(request):
        return ((Layer.RCP, bundles.rcp), *road)
    return road


def _road(bundles: Bundles, caller: Principal) -> Iterator[tuple[Layer, tuple[Bundle, ...]]]:
    """What counts for callers of this kind, whatever they ask."""
    if bundles.scp and caller.kind in UNDER_SCP and not caller.service_linked:
        yield Layer.SCP, bundles.scp
    if bundles.endpoint:
        yield Layer.ENDPOINT, bundles.endpoint
    if bundles.resource:
        yield Layer.RESOURCE, bundles.resource
    if caller.kind not in WITH_IDENTITY:
        return
    yield Layer.IDENTITY, bundles.identity
    if bundles.boundary:
        yield Layer.BOUNDARY, bundles.boundary
    if bundles.session:
        yield Layer.SESSION, bundles.session
    elif caller.kind is PrincipalKind.FEDERATED_USER:
        # GetFederationToken without a session policy gives a session that can do nothing.
        yield Layer.SESSION, _NOTHING


def read(bundle: Bundle, request: Request, bounded: bool) -> Verdict:
    """Which statements of a bundle apply, looking only at those about the action."""
    verdict = SILENCE
    target = request.target
    entries: Sequence[Entry] = bundle.candidates(request.action_key)
    sifted = len(entries) >= MANY
    if sifted:
        entries = bundle.sifted(request.action_key, target)
    for entry in entries:
        whole = entry.whole
        if whole is not None:
            if not (sifted or whole(target)):
                continue
        elif entry.varying is not None and not entry.varying.matches(request):
            continue
        way = None
        if entry.principals is not None:
            way = entry.principals.way(request.principal, deny=entry.deny, bounded=bounded)
            if way is None:
                continue
        if entry.checks and not _hold(entry.checks, request):
            continue
        if verdict is SILENCE:
            verdict = Verdict([], [], [])
        note(verdict, entry, way)
    return verdict


def _hold(checks: tuple[Check, ...], request: Request) -> bool:
    keys = request.keys
    for check in checks:  # noqa: SIM110 - `all` would make a generator for mostly one condition
        if not check(keys):
            return False
    return True


def note(verdict: Verdict, entry: Entry, way: Way | None) -> None:
    """Write down that a statement applies."""
    if entry.deny:
        verdict.denies.append(entry.matched)
        return
    verdict.allows.append(entry.matched)
    if way is not None:
        verdict.ways.append(way)


def conclude(request: Request, policies: PolicySet, findings: Findings) -> Decision:
    """Combine what was found into one decision."""
    ways = _ways(request, policies.resource, findings) if policies.resource else []
    matched = _matched(findings)
    if matched and matched[0].effect == "Deny":
        outcome, layer = _denied(request, findings)
    else:
        outcome, layer = _answer(request, findings, ways)
    return Decision(outcome, layer, matched, request.cross_account, _nearest(ways) if ways else "")


def _matched(findings: Findings) -> tuple[MatchedStatement, ...]:
    """Every statement that applied, denials first."""
    denies: list[MatchedStatement] = []
    allows: list[MatchedStatement] = []
    for verdicts in findings.values():
        for verdict in verdicts:
            if verdict is not SILENCE:
                denies += verdict.denies
                allows += verdict.allows
    return (*denies, *allows)


def _nearest(ways: list[Way]) -> str:
    return next(way.value for way in Way if way in ways)


def _ways(request: Request, resource: Policy, findings: Findings) -> list[Way]:
    """How the resource policy's Allows name the caller, if they count."""
    ways = findings[Layer.RESOURCE][0].ways
    stranger = request.cross_account or request.principal.kind is PrincipalKind.ANONYMOUS
    if ways and stranger and services.public_access_is_blocked(request, resource.document):
        return []
    return ways


def _denied(request: Request, findings: Findings) -> tuple[Outcome, Layer]:
    """The answer where some statement denies: the first type that does is named."""
    if services.needs_no_permission(request):
        return Outcome.ALLOWED, Layer.DEFAULT
    denying = (layer for layer, verdicts in findings.items() if any(verdict.denies for verdict in verdicts))
    return Outcome.EXPLICITLY_DENIED, next(denying)


def _answer(request: Request, findings: Findings, ways: list[Way]) -> tuple[Outcome, Layer]:
    """The answer where no statement denies."""
    if services.is_special(request):
        if services.needs_no_permission(request):
            return Outcome.ALLOWED, Layer.DEFAULT
        if services.guard(request):
            return Outcome.IMPLICITLY_DENIED, Layer.DEFAULT
    lacking = _lacking(findings, _GATES)
    return (Outcome.IMPLICITLY_DENIED, lacking) if lacking else _access(request, findings, ways)


def _lacking(findings: Findings, layers: frozenset[Layer]) -> Layer | None:
    """The first of these types that is in force and has a level without an Allow."""
    for layer, verdicts in findings.items():
        if layer in layers:
            for verdict in verdicts:
                if not verdict.allows:
                    return layer
    return None


def _access(request: Request, findings: Findings, ways: list[Way]) -> tuple[Outcome, Layer]:
    kind = request.principal.kind
    if kind is PrincipalKind.ROOT:
        return _root_access(request, ways)
    if kind not in WITH_IDENTITY:
        return (Outcome.ALLOWED if ways else Outcome.IMPLICITLY_DENIED), Layer.RESOURCE
    if request.cross_account:
        return _cross_account_access(findings, ways)
    return _same_account_access(request, findings, ways)


def _root_access(request: Request, ways: list[Way]) -> tuple[Outcome, Layer]:
    own = not request.cross_account
    if own and not services.trust_is_required(request):
        return Outcome.ALLOWED, Layer.ROOT
    if not ways:
        return Outcome.IMPLICITLY_DENIED, Layer.RESOURCE
    return Outcome.ALLOWED, Layer.ROOT if own else Layer.RESOURCE


def _cross_account_access(findings: Findings, ways: list[Way]) -> tuple[Outcome, Layer]:
    """Both sides must agree: a grant of the resource bypasses nothing across accounts."""
    if not ways:
        return Outcome.IMPLICITLY_DENIED, Layer.RESOURCE
    lacking = _lacking(findings, _OWN)
    return (Outcome.IMPLICITLY_DENIED, lacking) if lacking else (Outcome.ALLOWED, Layer.RESOURCE)


def _same_account_access(request: Request, findings: Findings, ways: list[Way]) -> tuple[Outcome, Layer]:
    """A grant to the caller itself is enough; one to the role still meets boundary and session policy."""
    if ways and Way.DIRECT in ways:
        return Outcome.ALLOWED, Layer.RESOURCE
    if ways and Way.ROLE in ways:
        lacking = _lacking(findings, _LIMITS)
        return (Outcome.IMPLICITLY_DENIED, lacking) if lacking else (Outcome.ALLOWED, Layer.RESOURCE)
    if services.trust_is_required(request) and Way.ACCOUNT not in ways:
        return Outcome.IMPLICITLY_DENIED, Layer.RESOURCE
    lacking = _lacking(findings, _OWN)
    return (Outcome.IMPLICITLY_DENIED, lacking) if lacking else (Outcome.ALLOWED, Layer.IDENTITY)
