"""The way into the wizard that creates a role, and which of its steps is asked for."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import ConsoleRequest, signed_in
from iamconsole.ui.htmx import hx_redirect
from identities.views import role_permissions_step, role_review_step, role_trust_step
from identities.views.role_wizard import RoleWizard
from policies.views import drafts, editing

STEPS = {1: role_trust_step.step, 2: role_permissions_step.step, 3: role_review_step.step}


@require_safe
@signed_in
def role_create(request: ConsoleRequest) -> HttpResponse:
    """Every visitor gets a draft of its own, so that two open tabs do not mix."""
    return editing.start(request, "role-create-step")


@require_http_methods(["GET", "POST"])
@signed_in
def role_create_step(request: ConsoleRequest, token: str, step: int) -> HttpResponse:
    """One step, asked for or sent; a step that is too early for the draft leads to the one before."""
    wizard = RoleWizard(request, token, drafts.read(request, token))
    if request.POST.get("wizard") == "cancel":
        drafts.drop(request, token)
        return hx_redirect(request, reverse("roles"))
    if step not in STEPS:
        raise Http404("The wizard has three steps.")
    if step > wizard.reached:
        return HttpResponseRedirect(wizard.url(wizard.reached))
    return STEPS[step](wizard)
