"""Deleting a customer managed policy, with all that AWS wants gone first: attachments, then older versions."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.http import ConsoleRequest, signed_in
from iamconsole.operations import door
from iamconsole.operations.errors import ApiError, DeleteConflict
from iamconsole.ui.dialogs import Confirm, confirm_page
from iamconsole.ui.htmx import flash, redirect_with_flash
from policies.crumbs import policy_crumbs
from policies.entities import Entity, using
from policies.managed_rows import CUSTOMER, policy_type

NAMED = 10


@require_http_methods(["GET", "POST"])
@signed_in
def policy_delete(request: ConsoleRequest, arn: str) -> HttpResponse:
    """The dialog says what goes with the policy; then one call for each of it, and one for the policy."""
    attached, _ = using(request.caller, arn, "PermissionsPolicy")
    bounded, _ = using(request.caller, arn, "PermissionsBoundary")
    versions = _other_versions(request, arn)
    dialog = _dialog(arn, attached, bounded, versions)
    if not dialog.confirmed(request):
        return confirm_page(request, dialog)
    done: list[str] = []
    try:
        _need_deletable(request, arn, bounded)
        _delete(request, arn, attached, versions, done)
    except ApiError as error:
        if done:
            flash(request, "warning", f"Done before the error: {', '.join(done)}.")
        return confirm_page(request, dialog, error)
    return redirect_with_flash(request, reverse("policies"), "success", f"Policy {arn.rsplit('/', 1)[-1]} deleted.")


def _need_deletable(request: ConsoleRequest, arn: str, bounded: Sequence[Entity]) -> None:
    """Find out whether the policy itself can go, before anything else is taken away for it."""
    if bounded:
        raise DeleteConflict("Cannot delete a policy attached to entities.")
    given = {"PolicyArn": arn}
    if policy_type(arn) != CUSTOMER or not door.would(request.caller, "iam:DeletePolicy", given).allowed:
        door.perform(request.caller, "iam:DeletePolicy", given)


def _other_versions(request: ConsoleRequest, arn: str) -> list[str]:
    answer = door.ask_all(request.caller, "iam:ListPolicyVersions", "Versions", {"PolicyArn": arn})
    versions = answer.result.get("Versions", [])
    assert isinstance(versions, list)
    return [str(version["VersionId"]) for version in versions if not version["IsDefaultVersion"]]


def _dialog(arn: str, attached: Sequence[Entity], bounded: Sequence[Entity], versions: Sequence[str]) -> Confirm:
    name = arn.rsplit("/", 1)[-1]
    lost = [f"It will be detached from {_names(attached)}."] if attached else []
    if versions:
        lost.append(f"Its older versions will be deleted: {', '.join(versions)}.")
    if bounded:
        # Taking a boundary away could widen access: that stays a decision of its own.
        lost.append(f"It is the permissions boundary of {_names(bounded)}: remove it there first.")
    return Confirm(
        title=f"Delete {name}?",
        text=f"Delete the policy {name} permanently? Whoever it is attached to loses its permissions.",
        button="Delete policy",
        cancel_url=reverse("policy", args=[arn]),
        word=name,
        warning=" ".join(lost),
        action=reverse("policy-delete", args=[arn]),
        breadcrumbs=tuple(policy_crumbs(arn)),
    )


def _names(entities: Sequence[Entity]) -> str:
    named = ", ".join(entity.shown for entity in entities[:NAMED])
    return f"{named} and {len(entities) - NAMED} more" if len(entities) > NAMED else named


def _delete(
    request: ConsoleRequest, arn: str, attached: Sequence[Entity], versions: Sequence[str], done: list[str]
) -> None:
    """`done` tells what went through, should a later call fail."""
    for entity in attached:
        holder = entity.holder
        door.perform(request.caller, holder.operation("Detach{}Policy"), holder.given(PolicyArn=arn))
        done.append(f"detached from {entity.shown}")
    for version in versions:
        door.perform(request.caller, "iam:DeletePolicyVersion", {"PolicyArn": arn, "VersionId": version})
        done.append(f"version {version} deleted")
    door.perform(request.caller, "iam:DeletePolicy", {"PolicyArn": arn})
