"""Step 2 of creating a role: its policies and its boundary."""

from __future__ import annotations

from django.http import HttpResponse

from identities.forms_roles import BoundaryChoice
from identities.views.role_wizard import RoleWizard, chosen_boundary, chosen_policies
from policies.quotas import ATTACHED
from policies.views.picker import PolicyPicker, policy_choices


def step(wizard: RoleWizard) -> HttpResponse:
    sent, request = wizard.sent(2), wizard.request
    before = chosen_boundary(sent)
    policies = policy_choices(request, selected=chosen_policies(sent))
    boundary = policy_choices(
        request, name="boundary", selected=[before] if before else [], multiple=False, title="Permissions boundary"
    )
    bounded = (request.POST if wizard.posted else sent).get("bounded", "")
    form = BoundaryChoice(initial={"bounded": bounded})
    if not wizard.posted or policies.moved or boundary.moved:
        return _page(wizard, form, policies, boundary)
    if wizard.pressed == "previous":
        return wizard.go(2, 1)
    if len(policies.selected) > ATTACHED:
        policies.error = f"Cannot exceed quota for PoliciesPerRole: {ATTACHED}"
    if bounded and not boundary.selected:
        boundary.error = "Select the policy that is the permissions boundary."
    if policies.error or boundary.error:
        return _page(wizard, form, policies, boundary, 422)
    return wizard.go(2, 3)


def _page(
    wizard: RoleWizard, form: BoundaryChoice, policies: PolicyPicker, boundary: PolicyPicker, status: int = 200
) -> HttpResponse:
    context = {
        "boundary_form": form,
        "policies": policies,
        "boundary": boundary,
        "boundary_open": bool(form["bounded"].value()) or boundary.moved,
        "description": "Permissions are defined by policies. You can attach up to 10 managed policies.",
    }
    return wizard.page(2, "identities/role_create_permissions.html", context, status)
