"""Simulating documents that are attached to nobody, and the context keys that documents ask for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

from accounts.caller import Caller, CallerKind
from iamconsole.operations.call import Call
from iamconsole.operations.errors import InvalidInput
from iamconsole.operations.paging import page
from iamconsole.operations.registry import Result, operation
from policies.engine import PolicySet, Principal, PrincipalKind, SourceKind
from policies.operations.simulate import (
    account_in,
    boundary_input,
    called_by,
    compiled_inputs,
    evaluation,
    given_context,
    need_actions,
    simulated,
    source,
)
from policies.simulator import Simulation, Subject, referenced_keys


@operation("iam:SimulateCustomPolicy")
def simulate_custom_policy(
    call: Call,
    *,
    policy_input_list: Sequence[str],
    action_names: Sequence[str],
    permissions_boundary_policy_input_list: Sequence[str] = (),
    ordered_organization_policy_input_list: Sequence[Mapping[str, Sequence[str]]] | None = None,
    resource_arns: Sequence[str] | None = None,
    resource_policy: str | None = None,
    resource_owner: str | None = None,
    caller_arn: str | None = None,
    context_entries: Sequence[Mapping[str, object]] = (),
    resource_handling_option: str | None = None,
    marker: str | None = None,
    max_items: int | None = None,
) -> Result:
    """Simulate how policy documents that are attached to nobody answer requests."""
    need_actions(action_names)
    if resource_policy is not None and caller_arn is None:
        raise InvalidInput("CallerArn is required when a ResourcePolicy is given.")
    policies = PolicySet(
        identity=compiled_inputs(policy_input_list, "PolicyInputList", SourceKind.INLINE),
        boundary=boundary_input(permissions_boundary_policy_input_list),
        resource=compiled_inputs([resource_policy], "ResourcePolicy", SourceKind.RESOURCE)[0]
        if resource_policy
        else None,
        scp_levels=tuple(
            compiled_inputs(
                level.get("ServiceControlPolicyInputList", ()), f"OrganizationPolicy.{number}", SourceKind.SCP
            )
            for number, level in enumerate(ordered_organization_policy_input_list or (), 1)
        ),
    )
    subject = called_by(call, somebody(call.account_id, policies), caller_arn)
    setting = Simulation(
        subject, call.now, given_context(context_entries), as_console=False, owner=account_in(resource_owner)
    )
    questions = list(product(action_names, resource_arns or ("*",)))

    def answer(question: tuple[str, str]) -> Result:
        return evaluation(setting, *question)

    return page(call.account_id, "EvaluationResults", questions, answer, marker=marker, max_items=max_items)


def somebody(account_id: str, policies: PolicySet) -> Subject:
    """A principal of the account that is nobody in particular: like a group's member, it has no name to ask about."""
    arn = f"arn:aws:iam::{account_id}:user/somebody"
    caller = Caller(CallerKind.USER, account_id, arn, "")
    return Subject("group", "", arn, caller, Principal(PrincipalKind.USER, arn, account_id), policies, {})


@operation("iam:GetContextKeysForCustomPolicy")
def get_context_keys_for_custom_policy(call: Call, *, policy_input_list: Sequence[str]) -> Result:
    """List the context keys that policy documents ask for."""
    given = compiled_inputs(policy_input_list, "PolicyInputList", SourceKind.INLINE)
    return {"ContextKeyNames": referenced_keys(PolicySet(identity=given))}


@operation("iam:GetContextKeysForPrincipalPolicy", resource=simulated)
def get_context_keys_for_principal_policy(
    call: Call, *, policy_source_arn: str, policy_input_list: Sequence[str] = ()
) -> Result:
    """List the context keys that the policies of a user, group or role, and further documents, ask for."""
    held = source(call, policy_source_arn).policies
    given = compiled_inputs(policy_input_list, "PolicyInputList", SourceKind.INLINE)
    return {"ContextKeyNames": referenced_keys(PolicySet(identity=(*held.identity, *given), boundary=held.boundary))}
