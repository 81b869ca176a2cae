"""STS: the management account of an organization as root of a member account, for one privileged task.

Source: STS API reference, AssumeRoot; IAM user guide, id_root-user-privileged-task.
"""

from __future__ import annotations

from collections.abc import Mapping

from accounts.caller import Session, root_caller
from accounts.models import Organization
from accounts.organizations import CREDENTIALS, SESSIONS, organization_of
from accounts.queries import is_account_id
from iamconsole.operations.call import Call
from iamconsole.operations.errors import ValidationError
from iamconsole.operations.registry import Asked, ContextValue, Result, Target, operation
from identities import temporary
from identities.assuming import StsAccessDenied, not_for_federated_users

# The task policies of AWS, each with the feature that it needs.
TASKS = {
    "IAMAuditRootUserCredentials": CREDENTIALS,
    "IAMCreateRootUserPassword": CREDENTIALS,
    "IAMDeleteRootUserCredentials": CREDENTIALS,
    "S3UnlockBucketPolicy": SESSIONS,
    "SQSUnlockQueuePolicy": SESSIONS,
}
PREFIX, LONGEST = "arn:aws:iam::aws:policy/root-task/", 900


def target(asked: Asked) -> Target:
    """The root user of the member account."""
    account_id = _account_in(asked.text("TargetPrincipal"))
    return Target(f"arn:aws:iam::{account_id}:root", name="root")


def context(asked: Asked) -> Mapping[str, ContextValue]:
    """`sts:TaskPolicyArn`."""
    return {"sts:TaskPolicyArn": _task_in(asked.inputs.get("TaskPolicyArn"))}


@operation("sts:AssumeRoot", resource=target, context=context, guard=not_for_federated_users)
def assume_root(
    call: Call,
    *,
    target_principal: str,
    task_policy_arn: Mapping[str, str],
    duration_seconds: int = LONGEST,
    minimum_session_token_size: int = 0,
) -> Result:
    """Give credentials of a member account's root user that are good for one privileged task."""
    account_id, task = _account_in(target_principal), _task_in(task_policy_arn)
    if call.caller.is_root:
        raise StsAccessDenied("AssumeRoot cannot be called with root user credentials.")
    organization = organization_of(call.account_id)
    if organization is None or not _may(organization, call.account_id, account_id, task):
        raise StsAccessDenied(
            "Access denied: central root access is not on, or the target is no member account of the organization."
        )
    source = call.caller.session.source_identity if call.caller.session else ""
    times = temporary.lasting(call.now, duration_seconds)
    session = Session(*times, policy_arns=(task,), source_identity=source)
    return {
        "Credentials": temporary.issue(root_caller(account_id), session),
        **({"SourceIdentity": source} if source else {}),
    }


def _may(organization: Organization, caller_id: str, account_id: str, task: str) -> bool:
    """The management account may, in others of its organization, what the feature for the task allows."""
    if organization.management_id != caller_id or account_id == caller_id:
        return False
    return (
        TASKS[task.removeprefix(PREFIX)] in organization.features
        and organization.members.filter(pk=account_id).exists()
    )


def _account_in(principal: str) -> str:
    account_id = principal.removeprefix("arn:aws:iam::").removesuffix(":root")
    if not is_account_id(account_id):
        raise ValidationError(f"{principal} is invalid")
    return account_id


def _task_in(given: object) -> str:
    arn = str(given.get("arn") or "") if isinstance(given, Mapping) else ""
    if not arn.startswith(PREFIX) or arn.removeprefix(PREFIX) not in TASKS:
        raise ValidationError(f"TaskPolicyArn must be one of: {', '.join(PREFIX + name for name in TASKS)}")
    return arn
