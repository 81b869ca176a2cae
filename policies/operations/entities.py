"""Who uses a policy: groups, users and roles in one paged answer."""

from __future__ import annotations

from iamconsole.operations.call import Call
from iamconsole.operations.paging import page_by
from iamconsole.operations.registry import Result, operation
from policies.models import Attachment, Boundary
from policies.queries import Holder, need_managed
from policies.targets import policy_target

KINDS = ("Group", "User", "Role")


@operation("iam:ListEntitiesForPolicy", resource=policy_target)
def list_entities_for_policy(
    call: Call,
    *,
    policy_arn: str,
    entity_filter: str | None = None,
    path_prefix: str = "/",
    policy_usage_filter: str | None = None,
    marker: str | None = None,
    max_items: int | None = None,
) -> Result:
    """List the users, groups and roles that a managed policy is attached to or bounds."""
    need_managed(call.account_id, policy_arn, f"Policy {policy_arn} does not exist or is not attachable.")
    found = [
        holder
        for holder in _holders(call.account_id, policy_arn, policy_usage_filter)
        if entity_filter in (None, _kind(holder)) and holder.path.startswith(path_prefix)
    ]
    result = page_by(call.account_id, "Entities", found, lambda each: each, _place, marker=marker, max_items=max_items)
    shown = result.pop("Entities")
    assert isinstance(shown, list)
    by_kind = {f"Policy{kind}s": [_shape(each) for each in shown if _kind(each) == kind] for kind in KINDS}
    return {**by_kind, **result}


def _holders(account_id: str, policy_arn: str, used_as: str | None) -> list[Holder]:
    """Each once, also when the policy is both attached to it and its boundary."""
    rows: list[Attachment | Boundary] = []
    for model, usage in ((Attachment, "PermissionsPolicy"), (Boundary, "PermissionsBoundary")):
        if used_as in (None, usage):
            rows += model.objects.of(account_id).filter(policy_arn=policy_arn).select_related("user", "group", "role")
    return list({row.identity.pk: row.identity for row in rows}.values())


def _place(holder: Holder) -> str:
    return f"{KINDS.index(_kind(holder))}{holder.name}"


def _kind(holder: Holder) -> str:
    return holder.arn_type.capitalize()


def _shape(holder: Holder) -> Result:
    return {f"{_kind(holder)}Name": holder.name, f"{_kind(holder)}Id": holder.pk}
