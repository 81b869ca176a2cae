"""AWS's own simulator: what a user, group or role could do, statement by statement.

Recorded answers of AWS: columns of positions are the places after a statement's braces.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from iamconsole.operations.call import Call
from iamconsole.operations.errors import InvalidInput
from iamconsole.operations.paging import page
from iamconsole.operations.registry import Asked, ContextValue, Result, Target, operation
from policies.engine import (
    Decision,
    DocumentError,
    Explanation,
    Layer,
    MatchedStatement,
    Outcome,
    Policy,
    PolicySet,
    Source,
    SourceKind,
    compile_document,
    explain,
)
from policies.simulator import Simulation, Subject, described, find_subject

DECISIONS = {
    Outcome.ALLOWED: "allowed",
    Outcome.IMPLICITLY_DENIED: "implicitDeny",
    Outcome.EXPLICITLY_DENIED: "explicitDeny",
}
_ACTION = re.compile(r"[A-Za-z0-9-]+:[A-Za-z0-9-]+")
_OTHERS = re.compile(r"arn:aws:iam::(?P<account>[0-9]{12}):(?:user|group|role)/.+")
_OWNER = re.compile(r"arn:aws:iam::(?P<account>[0-9]{12}):root")
_EXCLUDED_KINDS = {
    "aws-managed": SourceKind.AWS_MANAGED,
    "user-managed": SourceKind.CUSTOMER_MANAGED,
    "inline": SourceKind.INLINE,
    "permission-boundary": SourceKind.BOUNDARY,
}
Exclusion = Mapping[str, object]


def simulated(asked: Asked) -> Target:
    """Whose policies are simulated."""
    return replace(described(asked.account_id, asked.text("PolicySourceArn")), policy="")


@operation("iam:SimulatePrincipalPolicy", resource=simulated)
def simulate_principal_policy(
    call: Call,
    *,
    policy_source_arn: str,
    action_names: Sequence[str],
    resource_arns: Sequence[str] | None = None,
    policy_input_list: Sequence[str] = (),
    permissions_boundary_policy_input_list: Sequence[str] = (),
    policy_exclusion_list: Sequence[Exclusion] = (),
    resource_policy: str | None = None,
    resource_owner: str | None = None,
    caller_arn: str | None = None,
    context_entries: Sequence[Mapping[str, object]] = (),
    resource_handling_option: str | None = None,
    marker: str | None = None,
    max_items: int | None = None,
) -> Result:
    """Simulate how the policies of a user, group or role answer requests."""
    subject = source(call, policy_source_arn)
    need_actions(action_names)
    policies = _without(subject, policy_exclusion_list)
    policies = _with(policies, policy_input_list, permissions_boundary_policy_input_list, resource_policy)
    subject = called_by(call, replace(subject, policies=policies), caller_arn)
    owner = account_in(resource_owner)
    setting = Simulation(subject, call.now, given_context(context_entries), as_console=False, owner=owner)
    questions = list(product(action_names, resource_arns or ("*",)))

    def answer(question: tuple[str, str]) -> Result:
        return evaluation(setting, *question)

    return page(call.account_id, "EvaluationResults", questions, answer, marker=marker, max_items=max_items)


def need_actions(names: Sequence[str]) -> None:
    """Whole names of actions; a simulation asks for one thing at a time."""
    for name in names:
        if not _ACTION.fullmatch(name):
            raise InvalidInput(f"Invalid action name: {name}. Name one action as service:Action, without wildcards.")


def source(call: Call, arn: str) -> Subject:
    """The user, group or role whose policies are asked for. Raises AWS's refusal for those of other accounts."""
    other = _OTHERS.fullmatch(arn)
    if other is not None and other["account"] != call.account_id:
        raise InvalidInput(
            f"Invalid Policy Source Arn: caller's account {call.account_id} does not have access to policies"
            f" in account {other['account']}"
        )
    return find_subject(call.account_id, arn, call.now)


def account_in(owner: str | None) -> str:
    """The account in an ARN such as arn:aws:iam::111122223333:root; the bare number is none to AWS."""
    if owner is None:
        return ""
    found = _OWNER.fullmatch(owner)
    if found is None:
        raise InvalidInput(f"'{owner}' is not a valid as a Resource Owner.")
    return found["account"]


def called_by(call: Call, subject: Subject, caller_arn: str | None) -> Subject:
    if caller_arn is None:
        return subject
    other = find_subject(call.account_id, caller_arn, call.now)
    if other.kind != "user":
        raise InvalidInput("CallerArn must be the ARN of an IAM user.")
    return replace(subject, caller=other.caller, principal=other.principal, tags=other.tags)


def given_context(entries: Sequence[Mapping[str, object]]) -> dict[str, ContextValue]:
    """The given keys; a type that ends in List makes a key multivalued."""
    given: dict[str, ContextValue] = {}
    for entry in entries:
        name, values = str(entry.get("ContextKeyName", "")), entry.get("ContextKeyValues") or []
        assert isinstance(values, list | tuple)
        many = str(entry.get("ContextKeyType", "string")).endswith("List")
        given[name] = tuple(map(str, values)) if many or len(values) != 1 else str(values[0])
    return given


def _without(subject: Subject, exclusions: Sequence[Exclusion]) -> PolicySet:
    found = subject.policies
    kept = tuple(each for each in found.identity if not _excluded(each.source, subject, exclusions))
    boundary = found.boundary
    if boundary and any(_excluded(each.source, subject, exclusions) for each in boundary):
        boundary = None
    return PolicySet(identity=kept, boundary=boundary)


def _excluded(source: Source, subject: Subject, exclusions: Sequence[Exclusion]) -> bool:
    return any(_names(exclusion, source, subject) for exclusion in exclusions)


def _names(exclusion: Exclusion, source: Source, subject: Subject) -> bool:
    if (kind := exclusion.get("PolicyType")) is not None:
        return _EXCLUDED_KINDS.get(str(kind)) is source.kind
    if (arn := exclusion.get("PolicyArn")) is not None:
        return arn == source.arn
    inline = exclusion.get("InlinePolicyIdentifier")
    if not isinstance(inline, Mapping) or source.kind is not SourceKind.INLINE:
        return False
    kind, name = _holder(source, subject)
    wanted = (inline.get("AttachmentType"), inline.get("AttachmentName"), inline.get("PolicyName"))
    return wanted == (kind, name, source.name)


def _holder(source: Source, subject: Subject) -> tuple[str, str]:
    """The kind and name of what a policy is on."""
    kind, _, name = source.attached_to.partition(" ")
    return (kind, name) if name else (subject.kind, subject.name)


def boundary_input(documents: Sequence[str]) -> tuple[Policy, ...] | None:
    """The boundary in an input; none in an empty list, which Go's SDK sends where nobody gave one."""
    return compiled_inputs(documents, "PermissionsBoundaryPolicyInputList", SourceKind.BOUNDARY) or None


def _with(policies: PolicySet, added: Sequence[str], boundary: Sequence[str], resource: str | None) -> PolicySet:
    return PolicySet(
        identity=(*policies.identity, *compiled_inputs(added, "PolicyInputList", SourceKind.INLINE)),
        boundary=boundary_input(boundary) or policies.boundary,
        resource=None if resource is None else compiled_inputs([resource], "ResourcePolicy", SourceKind.RESOURCE)[0],
    )


def compiled_inputs(documents: Sequence[str], member: str, kind: SourceKind) -> tuple[Policy, ...]:
    found = []
    for number, text in enumerate(documents, 1):
        try:
            found.append(Policy(compile_document(text), Source(kind, f"{member}.{number}")))
        except DocumentError as problem:
            raise InvalidInput(f"Document {number} of {member} cannot be read: {problem}.") from problem
    return tuple(found)


@dataclass(frozen=True)
class _Answered:
    """One question with its answer."""

    subject: Subject
    policies: PolicySet
    explanation: Explanation

    @property
    def decision(self) -> Decision:
        return self.explanation.decision

    @property
    def allowed_by_organizations(self) -> bool:
        """Whether the service control policies, where there are any, leave the request through."""
        if not self.policies.scp_levels:
            return True
        return self.explanation.layer(Layer.SCP).result == Outcome.ALLOWED.value

    @property
    def boundary(self) -> Result:
        if self.policies.boundary is None:
            return {}
        allowed = self.explanation.layer(Layer.BOUNDARY).result == Outcome.ALLOWED.value
        return {"PermissionsBoundaryDecisionDetail": {"AllowedByPermissionsBoundary": allowed}}

    @property
    def common(self) -> Result:
        return {
            "MatchedStatements": [_statement(each, self.subject, self.policies) for each in self.decision.deciding],
            "MissingContextValues": list(self.explanation.missing_context_keys),
            "EvalDecisionDetails": {},
            **self.boundary,
        }


def evaluation(setting: Simulation, action: str, resource: str) -> Result:
    request, policies = setting.question(action, resource)
    answered = _Answered(setting.subject, policies, explain(request, policies))
    said = DECISIONS[answered.decision.outcome]
    return {
        "EvalActionName": action,
        "EvalResourceName": resource,
        "EvalDecision": said,
        "OrganizationsDecisionDetail": {"AllowedByOrganizations": answered.allowed_by_organizations},
        **answered.common,
        "ResourceSpecificResults": [
            {"EvalResourceName": resource, "EvalResourceDecision": said, **answered.common},
        ],
    }


def _statement(matched: MatchedStatement, subject: Subject, policies: PolicySet) -> Result:
    of_resource = matched.source.kind in (SourceKind.RESOURCE, SourceKind.TRUST)
    node = policy_of(matched, policies).document.statements[matched.index].node
    return {
        "SourcePolicyId": _policy_id(matched.source, subject),
        "SourcePolicyType": "Resource Policy" if of_resource else "IAM Policy",
        "StartPosition": {"Line": node.line, "Column": node.column + 1},
        "EndPosition": {"Line": node.end_line, "Column": node.end_column},
    }


def _policy_id(source: Source, subject: Subject) -> str:
    """AWS's: the name of a managed policy, `user_bob_Reports` of an inline one, the member's name of an input."""
    if source.kind is not SourceKind.INLINE or source.name.startswith("PolicyInputList."):
        return source.name
    return "_".join((*_holder(source, subject), source.name))


def policy_of(matched: MatchedStatement, policies: PolicySet) -> Policy:
    """The policy that a matched statement stands in."""
    levels = [policy for level in policies.scp_levels or () for policy in level]
    held = (*policies.identity, *(policies.boundary or ()), *levels)
    held += (policies.resource,) if policies.resource else ()
    return next(policy for policy in held if policy.source == matched.source)
