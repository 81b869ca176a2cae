"""The list of policies, and the way from a chosen row to what is to be done with it."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from accounts.http import ConsoleRequest, signed_in
from iamconsole.ui.htmx import redirect_with_flash, render_page
from policies.crumbs import policy_crumbs
from policies.managed_rows import managed_rows
from policies.tables import POLICIES

ACTIONS = {"attach": "policy-attach", "delete": "policy-delete"}


@signed_in
def policies(request: ConsoleRequest) -> HttpResponse:
    """All managed policies."""
    rows, denied = managed_rows(request.caller)
    context = {
        "page_title": "Policies",
        "breadcrumbs": policy_crumbs(),
        "table": POLICIES.bind(request, rows, create=("Create policy", reverse("policy-create"))),
        "denied": denied,
        "urls": {action: reverse("policy-action", args=[action]) for action in (*ACTIONS, "detach")},
    }
    return render_page(request, "policies/policies.html", context, fragment="ui/_table.html")


@signed_in
def policy_action(request: ConsoleRequest, action: str) -> HttpResponse:
    """From the list's chosen row (`?selected=<ARN>`) to the page of that policy and action."""
    arn = request.GET.get("selected", "")
    if not arn.startswith("arn:"):
        return redirect_with_flash(request, reverse("policies"), "info", "Select a policy first.")
    if action == "detach":
        return HttpResponseRedirect(reverse("policy-tab", args=["entities", arn]))
    if action not in ACTIONS:
        raise Http404
    return HttpResponseRedirect(reverse(ACTIONS[action], args=[arn]))
