"""The traced decision: the answer, and for every layer, policy and statement why."""

from __future__ import annotations

from dataclasses import dataclass, field

from policies.engine import services
from policies.engine.decision import Decision, Layer, Outcome
from policies.engine.evaluate import Findings, Verdict, collect, conclude, note
from policies.engine.messages import reason_text
from policies.engine.policy_set import Bundle, PolicySet
from policies.engine.principal import PrincipalKind
from policies.engine.request import Request
from policies.engine.trace import Element, Json, PolicyTrace, StatementTrace, trace_statement

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


@dataclass(frozen=True)
class LayerTrace:
    """What one policy type says by itself; `note` tells what the result alone does not."""

    layer: Layer
    result: str
    note: str
    policies: tuple[PolicyTrace, ...] = ()

    def to_dict(self) -> Json:
        return {
            "layer": self.layer.value,
            "result": self.result,
            "note": self.note,
            "policies": [policy.to_dict() for policy in self.policies],
        }


@dataclass(frozen=True)
class Explanation:
    """A decision with its whole trace; layers stand in the order in which AWS looks at them."""

    decision: Decision
    reason: str
    layers: tuple[LayerTrace, ...]
    notes: tuple[str, ...]
    missing_context_keys: tuple[str, ...]

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
    """Decide one request and say why; the decision is the one that `decide` gives."""
    tracer = _Tracer()
    findings = collect(request, policies, tracer.read)
    decision = conclude(request, policies, findings)
    layers = tuple(_layer(layer, request, policies, findings, tracer) for layer in ORDER)
    statements = [each for layer in layers for policy in layer.policies for each in policy.statements]
    relevant = [element for each in statements if each.about_the_action for element in each.elements]
    return Explanation(
        decision=decision,
        reason=reason_text(decision, request.action) or _other_reason(request, decision),
        layers=layers,
        notes=tuple(dict.fromkeys(_notes(request, policies, relevant))),
        missing_context_keys=tuple(dict.fromkeys(key for element in relevant for key in element.missing)),
    )


@dataclass
class _Tracer:
    """Reads bundles as `evaluate.read` does, and keeps what it saw on the way."""

    seen: dict[Bundle, list[StatementTrace]] = field(default_factory=dict)

    def read(self, bundle: Bundle, request: Request, bounded: bool) -> Verdict:
        verdict = Verdict([], [], [])
        traces = self.seen[bundle] = []
        for entry in bundle.entries:
            trace = trace_statement(bundle, entry, request, bounded)
            traces.append(trace)
            if trace.applied:
                note(verdict, entry, trace.way)
        return verdict

    def policies(self, bundle: Bundle, level: int) -> list[PolicyTrace]:
        remaining = iter(self.seen[bundle])
        return [
            PolicyTrace(policy.source, level, tuple(next(remaining) for _ in policy.document.statements))
            for policy in bundle.policies
        ]


def _layer(layer: Layer, request: Request, policies: PolicySet, findings: Findings, tracer: _Tracer) -> LayerTrace:
    verdicts = findings.get(layer)
    if verdicts is None:
        return LayerTrace(layer, NOT_APPLICABLE, _why_not(layer, request, policies))
    bundles = _bundles(layer, policies)
    traces = [trace for level, bundle in enumerate(bundles) for trace in tracer.policies(bundle, level)]
    return LayerTrace(layer, _result(layer, verdicts), _layer_note(layer, request, policies, verdicts), tuple(traces))


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


def _layer_note(layer: Layer, request: Request, policies: PolicySet, verdicts: list[Verdict]) -> str:
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
