"""A decision as the door has it, what of it is told to the caller, and what the event history keeps.

Across accounts nobody learns what policies the other account wrote: neither whether a role is there, nor whom it
trusts, nor the external ID it asks for. Told is what would be decided if the other side allowed everything: either the
caller's own policies are to blame, or the other side, without a word more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from iamconsole.operations.registry import Target
from policies.engine import (
    Decision,
    Explanation,
    Layer,
    Outcome,
    Policy,
    PolicySet,
    Request,
    Source,
    SourceKind,
    compile_document,
    decide,
    explain,
    reason_text,
)

_OPEN = compile_document(
    '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}}'
)
HIDDEN = "policies of another account are not shown"
_OTHERS = {SourceKind.RESOURCE, SourceKind.TRUST}


@dataclass(frozen=True)
class Verdict:
    """A request with the decision on it; None where no policy is asked (the system caller)."""

    request: Request | None
    policies: PolicySet | None
    decision: Decision | None
    target: Target

    @property
    def allowed(self) -> bool:
        return self.decision is None or self.decision.outcome is Outcome.ALLOWED

    def explanation(self) -> Explanation | None:
        """The same decision once more, with every step traced."""
        if self.request is None or self.policies is None:
            return None
        return explain(self.request, self.policies)

    def told(self) -> Verdict:
        """The verdict without what only the other account may know."""
        decision, request, policies = self.decision, self.request, self.policies
        if decision is None or request is None or policies is None or not decision.cross_account:
            return self
        if self.allowed:
            own = tuple(each for each in decision.matched if each.source.kind not in _OTHERS)
            return replace(self, decision=decision._replace(matched=own))
        source = Source(SourceKind.RESOURCE, self.target.name, arn=self.target.arn)
        policies = policies.with_resource(Policy(_OPEN, source))
        decision = decide(request, policies)
        if decision.allowed:
            decision = Decision(Outcome.IMPLICITLY_DENIED, Layer.RESOURCE, cross_account=True)
        return replace(self, policies=policies, decision=decision._replace(resource_match=""))

    def kept(self) -> dict[str, object] | None:
        """What the event keeps of a told verdict: everything when refused, the deciding statements when allowed."""
        if self.decision is None or self.request is None:
            return None
        asked = self.request
        request: dict[str, object] = {"action": asked.action, "resource": asked.target}
        explanation = None if self.allowed else self.explanation()
        if explanation is None:
            return {**self.decision.to_dict(), "request": request}
        traced = explanation.to_dict()
        if self.decision.cross_account:
            traced = {**traced, **_hidden(traced, self.decision, asked.action)}
        return {**traced, "request": {**request, "context": dict(asked.context)}}


def _hidden(traced: Mapping[str, Any], decision: Decision, action: str) -> dict[str, object]:
    """What takes the place of the trace's own words: nothing in them is about the other account's policies."""
    lacking = decision.layer is Layer.RESOURCE
    result = Outcome.IMPLICITLY_DENIED.value if lacking else "NotApplicable"
    hidden = {"result": result, "note": HIDDEN, "policies": []}
    return {
        "decision": decision.outcome.value,
        "decided_by": decision.layer.value,
        "reason": reason_text(decision, action),
        "resource_match": decision.resource_match,
        "layers": [each | hidden if each["layer"] == Layer.RESOURCE.value else each for each in traced["layers"]],
    }
