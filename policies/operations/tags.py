"""Tags of customer managed policies; AWS's own carry none."""

from __future__ import annotations

from iamconsole.operations.call import Call
from iamconsole.operations.registry import Result, operation
from identities.models import Tags
from identities.operations.shared import page_of_tags
from identities.tags import EXACT, merged, without
from identities.targets import tag_keys_context, tags_context
from policies.models import Policy
from policies.queries import need_managed, need_own
from policies.targets import policy_target


@operation("iam:TagPolicy", resource=policy_target, context=tags_context)
def tag_policy(call: Call, *, policy_arn: str, tags: Tags) -> Result:
    """Add tags to a customer managed policy, over those with the same key."""
    policy = need_own(call.caller, policy_arn, "iam:TagPolicy")
    policy.tags = merged(policy.tags, tags, EXACT)
    policy.save(update_fields=["tags"])
    return {}


@operation("iam:UntagPolicy", resource=policy_target, context=tag_keys_context)
def untag_policy(call: Call, *, policy_arn: str, tag_keys: list[str]) -> Result:
    """Remove tags from a customer managed policy."""
    policy = need_own(call.caller, policy_arn, "iam:UntagPolicy")
    policy.tags = without(policy.tags, tag_keys, EXACT)
    policy.save(update_fields=["tags"])
    return {}


@operation("iam:ListPolicyTags", resource=policy_target)
def list_policy_tags(call: Call, *, policy_arn: str, marker: str | None = None, max_items: int | None = None) -> Result:
    """List the tags of a managed policy."""
    policy = need_managed(call.account_id, policy_arn)
    tags = policy.tags if isinstance(policy, Policy) else []
    return page_of_tags(call, tags, EXACT, marker, max_items)
