"""The traced decision: the answer, and for every layer, policy and statement why."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from policies.engine import services
from policies.engine.decision import Decision, Layer, Outcome
from policies.engine.evaluate import Findings, Verdict, collect, conclude, is_bounded
from policies.engine.messages import reason_text
from policies.engine.policy_set import Bundle, PolicySet
from policies.engine.principal import PrincipalKind
from policies.engine.request import Request
from policies.engine.trace import Element, Json, PolicyTrace, trace_bundle

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


@dataclass(frozen=True, eq=False)
class Asked:
    """What an explanation is about, kept so that the trace is made only for those who look at it."""

    request: Request
    policies: PolicySet
    findings: Findings


@dataclass(frozen=True, eq=False)
class LayerTrace:
    """What one policy type says by itself; `note` tells what the result alone does not."""

    layer: Layer
    asked: Asked = field(repr=False)

    @property
    def result(self) -> str:
        verdicts = self.asked.findings.get(self.layer)
        return NOT_APPLICABLE if verdicts is None else _result(self.layer, verdicts)

    @property
    def note(self) -> str:
        request, policies = self.asked.request, self.asked.policies
        verdicts = self.asked.findings.get(self.layer)
        if verdicts is None:
            return _why_not(self.layer, request, policies)
        return _layer_note(self.layer, policies, verdicts)

    @cached_property
    def policies(self) -> tuple[PolicyTrace, ...]:
        request, policies = self.asked.request, self.asked.policies
        if self.layer not in self.asked.findings:
            return ()
        bounded = is_bounded(request, policies)
        levels = enumerate(_bundles(self.layer, policies))
        return tuple([each for level, bundle in levels for each in trace_bundle(bundle, level, request, bounded)])

    def to_dict(self) -> Json:
        return {
            "layer": self.layer.value,
            "result": self.result,
            "note": self.note,
            "policies": [policy.to_dict() for policy in self.policies],
        }


@dataclass(frozen=True, eq=False)
class Explanation:
    """A decision with its whole trace; layers stand in the order in which AWS looks at them.

    The decision is there at once. The trace is made of the same matchers when somebody asks for it.
    """

    decision: Decision
    asked: Asked = field(repr=False)

    @property
    def reason(self) -> str:
        request = self.asked.request
        return reason_text(self.decision, request.action) or _other_reason(request, self.decision)

    @cached_property
    def layers(self) -> tuple[LayerTrace, ...]:
        return tuple(LayerTrace(layer, self.asked) for layer in ORDER)

    @property
    def notes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(_notes(self.asked.request, self.asked.policies, self._relevant)))

    @property
    def missing_context_keys(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(key for element in self._relevant for key in element.missing))

    @cached_property
    def _relevant(self) -> list[Element]:
        """The elements of statements about the action."""
        statements = [each for layer in self.layers for policy in layer.policies for each in policy.statements]
        return [element for each in statements if each.about_the_action for element in each.elements]

    def layer(self, wanted: Layer) -> LayerTrace:
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


def _bundles(layer: Layer, policies: PolicySet) -> tuple[Bundle, ...]:
    bundles = policies.bundles
    return {
        Layer.RCP: bundles.rcp,
        Layer.SCP: bundles.scp,
        Layer.ENDPOINT: bundles.endpoint,
        Layer.RESOURCE: bundles.resource,
        Layer.IDENTITY: bundles.identity,
        Layer.BOUNDARY: bundles.boundary,
        Layer.SESSION: bundles.session,
    }[layer]


def _result(layer: Layer, verdicts: list[Verdict]) -> str:
    if any(verdict.denies for verdict in verdicts):
        return Outcome.EXPLICITLY_DENIED.value
    # RCPFullAWSAccess is attached at every level and cannot be removed.
    if layer is Layer.RCP or all(verdict.allows for verdict in verdicts):
        return Outcome.ALLOWED.value
    return Outcome.IMPLICITLY_DENIED.value


def _why_not(layer: Layer, request: Request, policies: PolicySet) -> str:
    caller = request.principal
    if not _bundles(layer, policies):
        return "no policy of this type applies"
    if layer is Layer.RCP and not services.rcps_apply(request):
        return "resource control policies do not cover this request"
    if caller.service_linked:
        return "service-linked roles are exempt"
    if caller.kind is PrincipalKind.ROOT:
        return "it does not limit the root user"
    return "this type does not exist for a caller outside of accounts"


def _layer_note(layer: Layer, policies: PolicySet, verdicts: list[Verdict]) -> str:
    if layer is Layer.SESSION and policies.session is None:
        return "a federated user session without a session policy has no permissions"
    if layer is Layer.SCP and not all(verdict.allows for verdict in verdicts):
        level = next(place for place, verdict in enumerate(verdicts) if not verdict.allows)
        return f"level {level} (0 is the root) has no Allow"
    return ""


def _notes(request: Request, policies: PolicySet, elements: list[Element]) -> list[str]:
    notes = [element.note for element in elements if "AWS" in element.note or "boundary" in element.note]
    if services.needs_no_permission(request):
        notes.append("this action needs no permission and cannot be denied")
    if services.guard(request):
        notes.append(services.guard(request))
    if services.trust_is_required(request):
        notes.append("identity policies count only if the resource's own policy trusts the account")
    if policies.resource and services.public_access_is_blocked(request, policies.resource.document):
        notes.append("the bucket policy is public, and Block Public Access voids it for strangers")
    return notes


def _other_reason(request: Request, decision: Decision) -> str:
    if decision.layer is Layer.ROOT:
        return "the root user has full access to its own account"
    if services.needs_no_permission(request):
        return "the action needs no permission"
    return "" if decision.allowed else services.guard(request)
