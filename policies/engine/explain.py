"""The traced decision: the answer, and for every layer, policy and statement why."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from policies.engine import services
from policies.engine.decision import Decision, Layer, Outcome
from policies.engine.evaluate import Findings, Verdict, collect, conclude, is_bounded
from policies.engine.layout import Json
from policies.engine.messages import reason_text, sentence
from policies.engine.policy_set import Bundle, PolicySet
from policies.engine.principal import PrincipalKind
from policies.engine.reasons import NOTEWORTHY, Reason
from policies.engine.request import Request
from policies.engine.trace import Element, PolicyTrace
from policies.engine.tracing import trace_bundle

ORDER = (
    Layer.RCP,
    Layer.SCP,
    Layer.ENDPOINT,
    Layer.RESOURCE,
    Layer.IDENTITY,
    Layer.BOUNDARY,
    Layer.SESSION,
)
NOT_APPLICABLE = "NotApplicable"


class Asked(NamedTuple):
    """What an explanation is about, kept so that the trace is made only for those who look at it."""

    request: Request
    policies: PolicySet
    findings: Findings


class LayerTrace:
    """What one policy type says by itself; `note` tells what the result alone does not."""

    __slots__ = ("_policies", "_verdicts", "asked", "layer")

    def __init__(self, layer: Layer, asked: Asked) -> None:
        self.layer, self.asked = layer, asked
        self._verdicts = asked.findings.get(layer)
        # Kept by hand: `cached_property` takes a lock, seven times for each explanation.
        self._policies: tuple[PolicyTrace, ...] | None = None if self._verdicts else ()

    @property
    def result(self) -> str:
        """An outcome, or `NotApplicable`."""
        return _result(self.layer, self._verdicts) if self._verdicts else NOT_APPLICABLE

    @property
    def reason(self) -> Reason | None:
        """What the result alone does not tell."""
        asked = self.asked
        if not self._verdicts:
            return _why_not(self.layer, asked.request, asked.policies)
        if self.layer is Layer.SESSION and not asked.policies.bundles.session:
            return Reason.FEDERATED_WITHOUT_SESSION
        silent = self.layer is Layer.SCP and not all(verdict.allows for verdict in self._verdicts)
        return Reason.LEVEL_WITHOUT_ALLOW if silent else None

    @property
    def note(self) -> str:
        """The reason in words."""
        reason = self.reason
        if reason is Reason.LEVEL_WITHOUT_ALLOW:
            levels = enumerate(self._verdicts or ())
            return sentence(reason, level=next(level for level, verdict in levels if not verdict.allows))
        return sentence(reason) if reason else ""

    @property
    def policies(self) -> tuple[PolicyTrace, ...]:
        """Every policy of the type with all its statements, looked at when somebody asks."""
        if self._policies is None:
            request, policies = self.asked.request, self.asked.policies
            bounded = is_bounded(request, policies)
            levels = enumerate(_bundles(self.layer, policies))
            self._policies = tuple(
                [each for level, bundle in levels for each in trace_bundle(bundle, level, request, bounded)]
            )
        return self._policies

    def to_dict(self) -> Json:
        """The same as plain JSON values; some are shared, so nobody may write into them."""
        return {
            "layer": self.layer.value,
            "result": self.result,
            "note": self.note,
            "policies": [policy.to_dict() for policy in self.policies],
        }


class Explanation:
    """A decision with its whole trace; layers stand in the order in which AWS looks at them.

    The decision is there at once. The trace is made of the same matchers when somebody asks for it.
    """

    def __init__(self, decision: Decision, asked: Asked) -> None:
        self.decision, self.asked = decision, asked

    @property
    def reason(self) -> str:
        """Why, in words; empty where policies simply allow."""
        text = reason_text(self.decision, self.asked.request.action)
        other = None if text else _other_reason(self.asked.request, self.decision)
        return sentence(other) if other else text

    @cached_property
    def layers(self) -> tuple[LayerTrace, ...]:
        """Every policy type, in the order in which AWS looks at them."""
        return tuple(LayerTrace(layer, self.asked) for layer in ORDER)

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """What the reader of the decision should know beside the reason: above all where AWS is silent."""
        return tuple(dict.fromkeys(_reasons(self.asked.request, self.asked.policies, self._relevant)))

    @property
    def notes(self) -> tuple[str, ...]:
        """The same in words."""
        return tuple(map(sentence, self.reasons))

    @property
    def missing_context_keys(self) -> tuple[str, ...]:
        """What statements about the action asked for and the request had not."""
        return tuple(dict.fromkeys(key for element in self._relevant for key in element.missing))

    @cached_property
    def _relevant(self) -> list[Element]:
        """The elements of statements about the action."""
        statements = [each for layer in self.layers for policy in layer.policies for each in policy.statements]
        return [element for each in statements if each.about_the_action for element in each.elements]

    def layer(self, wanted: Layer) -> LayerTrace:
        """What one policy type says by itself."""
        return next(trace for trace in self.layers if trace.layer is wanted)

    def to_dict(self) -> Json:
        """The explanation as plain JSON values, as events store it and pages show it."""
        decision = self.decision
        return {
            "decision": decision.outcome.value,
            "decided_by": decision.layer.value,
            "reason": self.reason,
            "cross_account": decision.cross_account,
            "resource_match": decision.resource_match,
            "notes": list(self.notes),
            "missing_context_keys": list(self.missing_context_keys),
            "layers": [layer.to_dict() for layer in self.layers],
        }


def explain(request: Request, policies: PolicySet) -> Explanation:
    """Decide one request and be ready to say why; the decision is the one that `decide` gives."""
    findings = collect(request, policies)
    return Explanation(conclude(request, policies, findings), Asked(request, policies, findings))


# Read of `Bundles` by name; looked up, because making the answer anew for each layer takes longer than tracing it.
_ROOMS = {layer: "endpoint" if layer is Layer.ENDPOINT else layer.value for layer in ORDER}


def _bundles(layer: Layer, policies: PolicySet) -> tuple[Bundle, ...]:
    found: tuple[Bundle, ...] = getattr(policies.bundles, _ROOMS[layer])
    return found


def _result(layer: Layer, verdicts: list[Verdict]) -> str:
    if any(verdict.denies for verdict in verdicts):
        return Outcome.EXPLICITLY_DENIED.value
    # RCPFullAWSAccess is attached at every level and cannot be removed.
    if layer is Layer.RCP or all(verdict.allows for verdict in verdicts):
        return Outcome.ALLOWED.value
    return Outcome.IMPLICITLY_DENIED.value


def _why_not(layer: Layer, request: Request, policies: PolicySet) -> Reason:
    caller = request.principal
    if not _bundles(layer, policies):
        return Reason.NO_POLICY
    if layer is Layer.RCP and not services.rcps_apply(request):
        return Reason.NOT_COVERED_BY_RCP
    if caller.service_linked:
        return Reason.SERVICE_LINKED_ROLE
    return Reason.ROOT_IS_NOT_LIMITED if caller.kind is PrincipalKind.ROOT else Reason.OUTSIDE_OF_ACCOUNTS


def _reasons(request: Request, policies: PolicySet, elements: list[Element]) -> Iterator[Reason]:
    """What the reader of the whole decision should know."""
    for element in elements:
        if element.reason is not None and element.reason in NOTEWORTHY:
            yield element.reason
    if services.needs_no_permission(request):
        yield Reason.NEEDS_NO_PERMISSION
    guarded = services.guard(request)
    if guarded is not None:
        yield guarded
    if services.trust_is_required(request):
        yield Reason.TRUST_COMES_FIRST
    if policies.resource and services.public_access_is_blocked(request, policies.resource.document):
        yield Reason.PUBLIC_ACCESS_BLOCKED


def _other_reason(request: Request, decision: Decision) -> Reason | None:
    """The reason where no policy type is to blame."""
    if decision.layer is Layer.ROOT:
        return Reason.ROOT_OWNS
    if services.needs_no_permission(request):
        return Reason.NEEDS_NO_PERMISSION
    return None if decision.allowed else services.guard(request)
