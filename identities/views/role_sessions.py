"""Revoking the sessions of a role: everything is denied to those that began before now."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.http import ConsoleRequest, signed_in
from iamconsole.operations import door
from iamconsole.operations.door import Answer
from iamconsole.operations.errors import ApiError, NoSuchEntity
from iamconsole.ui.htmx import redirect_with_flash, render_page
from identities.forms_roles import RevokeSessions
from identities.views.role_edit import trouble
from identities.views.role_page import read_role, role_context

# The name AWS's console gives this policy (IAM user guide, "Revoking IAM role temporary security credentials").
POLICY = "AWSRevokeOlderSessions"


@require_http_methods(["GET", "POST"])
@signed_in
def role_revoke(request: ConsoleRequest, name: str) -> HttpResponse:
    """The Revoke sessions tab."""
    if request.method != "POST":
        return _page(request, name, RevokeSessions())
    form = RevokeSessions(request.POST)
    if not form.is_valid():
        return _page(request, name, form, status=422)
    given = {"RoleName": name, "PolicyName": POLICY, "PolicyDocument": older_sessions(timezone.now())}
    try:
        door.perform(request.caller, "iam:PutRolePolicy", given)
    except ApiError as error:
        return _page(request, name, form, trouble(error), 422)
    return redirect_with_flash(
        request, reverse("role-revoke", args=[name]), "success", f"Active sessions of role {name} revoked."
    )


def older_sessions(moment: datetime) -> str:
    """The document that denies everything to sessions from before."""
    before = moment.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
    statement = {
        "Effect": "Deny",
        "Action": ["*"],
        "Resource": ["*"],
        "Condition": {"DateLessThan": {"aws:TokenIssueTime": before}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, indent=4)


def _page(
    request: ConsoleRequest,
    name: str,
    form: RevokeSessions,
    more: Mapping[str, object] | None = None,
    status: int = 200,
) -> HttpResponse:
    page = read_role(request, name)
    revoked = _revoked(request, page.name)
    context = {
        **role_context(request, page),
        "form": form,
        "revoked": str(revoked.result.get("PolicyDocument", "")),
        "revoked_denied": revoked.denied,
        **(more or {}),
    }
    return render_page(request, "identities/role_revoke.html", context, status=status)


def _revoked(request: ConsoleRequest, name: str) -> Answer:
    """The policy of an earlier revocation; AWS has no other way to find out than to ask and see it missing."""
    try:
        return door.ask(request.caller, "iam:GetRolePolicy", {"RoleName": name, "PolicyName": POLICY})
    except NoSuchEntity:
        return Answer({})
