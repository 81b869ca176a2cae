"""Versions of a policy: which one is in force, and deleting the others."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.http import ConsoleRequest, signed_in
from iamconsole.operations import door
from iamconsole.operations.errors import ApiError
from iamconsole.ui.dialogs import Confirm, confirm_page
from iamconsole.ui.htmx import redirect_with_flash
from policies.crumbs import policy_crumbs


@require_http_methods(["GET", "POST"])
@signed_in
def policy_version_default(request: ConsoleRequest, arn: str) -> HttpResponse:
    """Ask, then put the chosen version in force."""
    version = _chosen(request)
    dialog = _dialog(
        arn,
        version,
        title=f"Set {version} as default?",
        text=f"Version {version} comes into force at once wherever the policy is attached.",
        button="Set as default",
    )
    return _run(request, arn, version, dialog, "iam:SetDefaultPolicyVersion", f"Version {version} is now the default.")


@require_http_methods(["GET", "POST"])
@signed_in
def policy_version_delete(request: ConsoleRequest, arn: str) -> HttpResponse:
    """Ask, then delete the chosen version."""
    version = _chosen(request)
    dialog = _dialog(
        arn, version, title=f"Delete {version}?", text=f"Delete version {version} permanently?", button="Delete version"
    )
    return _run(request, arn, version, dialog, "iam:DeletePolicyVersion", f"Version {version} deleted.")


def _chosen(request: ConsoleRequest) -> str:
    return (request.POST if request.method == "POST" else request.GET).get("selected", "")


def _dialog(arn: str, version: str, *, title: str, text: str, button: str) -> Confirm:
    return Confirm(
        title=title,
        text=text,
        button=button,
        cancel_url=reverse("policy-tab", args=["versions", arn]),
        hidden=(("selected", version),),
        breadcrumbs=tuple(policy_crumbs(arn)),
    )


def _run(request: ConsoleRequest, arn: str, version: str, dialog: Confirm, operation: str, done: str) -> HttpResponse:
    if not version:
        return redirect_with_flash(request, dialog.cancel_url, "info", "Select a version first.")
    if not dialog.confirmed(request):
        return confirm_page(request, dialog)
    try:
        door.perform(request.caller, operation, {"PolicyArn": arn, "VersionId": version})
    except ApiError as error:
        return confirm_page(request, dialog, error)
    return redirect_with_flash(request, dialog.cancel_url, "success", done)
