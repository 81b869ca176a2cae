"""Versions of managed policies: up to five, never changed, one of them in force."""

from __future__ import annotations

from iamconsole.operations.call import Call
from iamconsole.operations.errors import DeleteConflict, LimitExceeded
from iamconsole.operations.paging import page
from iamconsole.operations.registry import Result, operation
from policies import quotas
from policies.documents import need_valid
from policies.models import PolicyVersion
from policies.queries import absent_version, need_managed, need_own, need_version, versions_of
from policies.shapes import version_shape
from policies.targets import policy_target


@operation("iam:CreatePolicyVersion", resource=policy_target)
def create_policy_version(call: Call, *, policy_arn: str, policy_document: str, set_as_default: bool = False) -> Result:
    """Add a version to a customer managed policy, in force at once if so asked."""
    policy = need_own(call.caller, policy_arn, "iam:CreatePolicyVersion")
    need_valid(policy_document)
    quotas.need_policy_size(policy_document)
    if policy.versions.count() >= quotas.VERSIONS:
        raise LimitExceeded(
            f"A managed policy can have up to {quotas.VERSIONS} versions."
            " Before you create a new version, you must delete an existing version."
        )
    policy.last_version += 1
    policy.updated_at = call.now
    if set_as_default:
        policy.default_version = policy.last_version
    policy.save()
    version = PolicyVersion.objects.create(
        account_id=call.account_id,
        policy=policy,
        number=policy.last_version,
        document=policy_document,
        created_at=call.now,
    )
    return {"PolicyVersion": version_shape(need_version(policy, version.version_id))}


@operation("iam:GetPolicyVersion", resource=policy_target)
def get_policy_version(call: Call, *, policy_arn: str, version_id: str) -> Result:
    """Show one version of a managed policy with its document."""
    policy = need_managed(call.account_id, policy_arn, absent_version(policy_arn, version_id))
    version = need_version(policy, version_id)
    return {"PolicyVersion": version_shape(version, with_document=True)}


@operation("iam:ListPolicyVersions", resource=policy_target)
def list_policy_versions(
    call: Call, *, policy_arn: str, marker: str | None = None, max_items: int | None = None
) -> Result:
    """List the versions of a managed policy, the newest first."""
    versions = versions_of(need_managed(call.account_id, policy_arn))
    return page(call.account_id, "Versions", versions, version_shape, marker=marker, max_items=max_items)


@operation("iam:SetDefaultPolicyVersion", resource=policy_target)
def set_default_policy_version(call: Call, *, policy_arn: str, version_id: str) -> Result:
    """Put another version of a customer managed policy in force wherever the policy is attached."""
    policy = need_own(call.caller, policy_arn, "iam:SetDefaultPolicyVersion", absent_version(policy_arn, version_id))
    need_version(policy, version_id)
    policy.default_version = int(version_id[1:])
    policy.updated_at = call.now
    policy.save()
    return {}


@operation("iam:DeletePolicyVersion", resource=policy_target)
def delete_policy_version(call: Call, *, policy_arn: str, version_id: str) -> Result:
    """Delete a version that is not in force."""
    policy = need_own(call.caller, policy_arn, "iam:DeletePolicyVersion", absent_version(policy_arn, version_id))
    if need_version(policy, version_id).is_default:
        raise DeleteConflict("Cannot delete the default version of a policy.")
    policy.versions.filter(number=int(version_id[1:])).delete()
    policy.updated_at = call.now
    policy.save()
    return {}
