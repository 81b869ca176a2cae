"""Customer managed policies, and AWS's own among them where policies are read."""

from __future__ import annotations

from iamconsole.operations.call import Call
from iamconsole.operations.errors import DeleteConflict, EntityAlreadyExists
from iamconsole.operations.ids import Prefix, new_id
from iamconsole.operations.paging import page_by
from iamconsole.operations.registry import Result, operation
from identities.models import Tags
from identities.tags import EXACT, checked
from identities.targets import tags_context
from policies import quotas
from policies.catalog import managed
from policies.documents import need_valid
from policies.models import Policy, PolicyVersion
from policies.queries import Managed, Usage, need_managed, need_own, usage
from policies.shapes import policy_shape, whole_policy_shape
from policies.targets import new_policy_target, policies_target, policy_target


@operation("iam:CreatePolicy", resource=new_policy_target, context=tags_context)
def create_policy(
    call: Call,
    *,
    policy_name: str,
    policy_document: str,
    path: str = "/",
    description: str = "",
    tags: Tags | None = None,
) -> Result:
    """Create a customer managed policy with its first version."""
    need_valid(policy_document)
    quotas.need_policy_size(policy_document)
    kept = checked(tags, EXACT)
    own = Policy.objects.of(call.account_id)
    if own.filter(name__iexact=policy_name).exists():
        raise EntityAlreadyExists(f"A policy called {policy_name} already exists. Duplicate names are not allowed.")
    quotas.need_room(own.count(), quotas.POLICIES, "PoliciesPerAccount")
    policy = Policy.objects.create(
        pk=new_id(Prefix.MANAGED_POLICY),
        account_id=call.account_id,
        name=policy_name,
        path=path,
        description=description,
        tags=kept,
        created_at=call.now,
        updated_at=call.now,
    )
    PolicyVersion.objects.create(
        account_id=call.account_id, policy=policy, number=1, document=policy_document, created_at=call.now
    )
    shown = {"Tags": kept} if kept else {}
    return {"Policy": {**policy_shape(policy, Usage({}, {})), **shown}}


@operation("iam:GetPolicy", resource=policy_target)
def get_policy(call: Call, *, policy_arn: str) -> Result:
    """Describe a managed policy, without its document."""
    policy = need_managed(call.account_id, policy_arn)
    return {"Policy": whole_policy_shape(policy, usage(call.account_id, policy_arn))}


@operation("iam:ListPolicies", resource=policies_target)
def list_policies(
    call: Call,
    *,
    scope: str = "All",
    only_attached: bool = False,
    path_prefix: str = "/",
    policy_usage_filter: str | None = None,
    marker: str | None = None,
    max_items: int | None = None,
) -> Result:
    """List the managed policies of the account and of AWS."""
    used = usage(call.account_id)
    found = [
        policy
        for policy in _in_scope(call.account_id, scope)
        if policy.path.startswith(path_prefix) and _is_used(policy.arn, used, only_attached, policy_usage_filter)
    ]

    def key(policy: Managed) -> str:
        return f"{policy.name.lower()} {policy.arn}"

    def show(policy: Managed) -> Result:
        return policy_shape(policy, used)

    return page_by(call.account_id, "Policies", found, show, key, marker=marker, max_items=max_items)


def _in_scope(account_id: str, scope: str) -> list[Managed]:
    own: list[Managed] = [] if scope == "AWS" else list(Policy.objects.of(account_id))
    aws: list[Managed] = [] if scope == "Local" else list(managed.all_policies())
    return own + aws


def _is_used(arn: str, used: Usage, only_attached: bool, as_what: str | None) -> bool:
    """Whether a policy stays in the list: used at all, or as permissions, or as boundary."""
    if as_what == "PermissionsPolicy":
        return arn in used.attached
    if as_what == "PermissionsBoundary":
        return arn in used.bounds
    return not only_attached or arn in used.attached or arn in used.bounds


@operation("iam:DeletePolicy", resource=policy_target)
def delete_policy(call: Call, *, policy_arn: str) -> Result:
    """Delete a customer managed policy that nothing uses and that has one version left."""
    policy = need_own(call.caller, policy_arn, "iam:DeletePolicy")
    if policy.attachments.exists() or policy.boundaries.exists():
        raise DeleteConflict("Cannot delete a policy attached to entities.")
    if policy.versions.count() > 1:
        raise DeleteConflict(
            "This policy has more than one version. Before you delete a policy, you must delete the policy's versions."
            " The default version is deleted with the policy."
        )
    policy.delete()
    return {}
