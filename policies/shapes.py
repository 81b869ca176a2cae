"""Policies as AWS's answers write them."""

from __future__ import annotations

from iamconsole.operations.registry import Result
from policies.models import Attachment, Policy
from policies.queries import Managed, Usage, Version


def policy_shape(policy: Managed, used: Usage) -> Result:
    """The members that every answer about a policy has."""
    return {
        "PolicyName": policy.name,
        **_own_shape(policy),
        "Arn": policy.arn,
        "Path": policy.path,
        "AttachmentCount": used.attached.get(policy.arn, 0),
        "PermissionsBoundaryUsageCount": used.bounds.get(policy.arn, 0),
        "IsAttachable": True,
    }


def _own_shape(policy: Managed) -> Result:
    """What a row and the catalogue keep under different names."""
    if isinstance(policy, Policy):
        version, made, changed = f"v{policy.default_version}", policy.created_at, policy.updated_at
    else:
        version, made, changed = policy.default_version_id, policy.create_date, policy.update_date
    own_id = policy.pk if isinstance(policy, Policy) else policy.policy_id
    return {"PolicyId": own_id, "DefaultVersionId": version, "CreateDate": made, "UpdateDate": changed}


def whole_policy_shape(policy: Managed, used: Usage) -> Result:
    """GetPolicy's answer also has the description and the tags."""
    description = {"Description": policy.description} if policy.description else {}
    tags = list(policy.tags) if isinstance(policy, Policy) else []
    return {**policy_shape(policy, used), **description, "Tags": tags}


def version_shape(version: Version, *, with_document: bool = False) -> Result:
    document = {"Document": version.document} if with_document else {}
    return {
        **document,
        "VersionId": version.version_id,
        "IsDefaultVersion": version.is_default,
        "CreateDate": version.created_at,
    }


def attached_shape(attachment: Attachment) -> Result:
    return {"PolicyName": attachment.policy_arn.rpartition("/")[2], "PolicyArn": attachment.policy_arn}
