"""Roles that belong to an AWS service: made from its template, changed by nobody else, deleted as a task."""

from __future__ import annotations

from collections.abc import Mapping

from django.core import signing

from iamconsole.operations.call import Call
from iamconsole.operations.errors import InvalidInput, NoSuchEntity
from iamconsole.operations.ids import Prefix, new_id
from iamconsole.operations.registry import Asked, ContextValue, Result, Target, operation
from identities import shapes
from identities.models import Role
from identities.queries import find_role, maybe
from identities.quotas import leave_room
from identities.service_roles import PATH, TEMPLATES, is_service_linked, role_name, trust_policy
from identities.targets import TYPES, role_target
from identities.trust import follow
from policies.models import Attachment, Boundary, InlinePolicy

TASK = "service role deletion"


def new_service_role_target(asked: Asked) -> Target:
    """The role that a service is about to get."""
    service = asked.text("AWSServiceName")
    name = role_name(service, asked.text("CustomSuffix"))
    return Target(f"arn:aws:iam::{asked.account_id}:role{PATH}{service}/{name}", type=TYPES[Role], name=name)


def service_context(asked: Asked) -> Mapping[str, ContextValue]:
    return {"iam:AWSServiceName": asked.text("AWSServiceName")}


def deletion_target(asked: Asked) -> Target:
    """The role that a deletion task is, or was, about."""
    name = asked.text("DeletionTaskId").removeprefix("task").rpartition("/")[0]
    return Target(f"arn:aws:iam::{asked.account_id}:role{name or '/*'}", type=TYPES[Role])


@operation("iam:CreateServiceLinkedRole", resource=new_service_role_target, context=service_context)
def create_service_linked_role(
    call: Call, *, aws_service_name: str, description: str = "", custom_suffix: str | None = None
) -> Result:
    """Create the role that an AWS service uses, with the policy AWS wrote for it."""
    template = TEMPLATES.get(aws_service_name)
    if template is None:
        raise InvalidInput(f"There is no service-linked role for {aws_service_name}.")
    if custom_suffix and not template.own_suffix:
        raise InvalidInput(f"Custom suffix is not allowed for {aws_service_name}")
    name = role_name(aws_service_name, custom_suffix or "")
    if maybe(Role, call.account_id, name) is not None:
        raise InvalidInput(f"Service role name {name} has been taken in this account, please try a different suffix.")
    leave_room("RolesPerAccount", Role.objects.of(call.account_id).count())
    role = Role.objects.create(
        pk=new_id(Prefix.ROLE),
        account_id=call.account_id,
        name=name,
        path=f"{PATH}{aws_service_name}/",
        description=description,
        trust_policy=trust_policy(aws_service_name),
        created_at=call.now,
    )
    Attachment.objects.create(
        account_id=call.account_id, role=role, policy_arn=template.policy_arn, attached_at=call.now
    )
    return {"Role": shapes.new_role(role)}


@operation("iam:DeleteServiceLinkedRole", resource=role_target)
def delete_service_linked_role(call: Call, *, role_name: str) -> Result:
    """Ask for the deletion of a service-linked role; nothing here is in its way, so it is done at once."""
    role = find_role(call.account_id, role_name)
    if not is_service_linked(role):
        raise NoSuchEntity(f"The role with name {role.name} is not a service-linked role.")
    task = f"task{role.path}{role.name}/{signing.dumps([call.account_id, role.pk], salt=TASK)}"
    for held in (Attachment, InlinePolicy, Boundary):
        held.objects.of(call.account_id).filter(role=role).delete()
    follow(role.arn, role.pk)
    role.delete()
    return {"DeletionTaskId": task}


@operation("iam:GetServiceLinkedRoleDeletionStatus", resource=deletion_target)
def get_service_linked_role_deletion_status(call: Call, *, deletion_task_id: str) -> Result:
    """Show how the deletion of a service-linked role goes."""
    # The task's last part is our own signature on what was deleted: nothing else needs to be remembered.
    try:
        account_id, role_id = signing.loads(deletion_task_id.rpartition("/")[2], salt=TASK)
    except (signing.BadSignature, ValueError):
        raise InvalidInput(f"{deletion_task_id} is not a deletion task id.") from None
    if account_id != call.account_id:
        raise NoSuchEntity(f"The deletion task with id {deletion_task_id} cannot be found.")
    return {"Status": "FAILED" if Role.objects.of(account_id).filter(pk=role_id).exists() else "SUCCEEDED"}
