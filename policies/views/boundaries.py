"""Permissions boundaries: set, changed and removed on users and roles."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_http_methods

from accounts.http import ConsoleRequest, signed_in
from iamconsole.operations import door
from iamconsole.operations.errors import AccessDenied, ApiError
from iamconsole.ui.dialogs import Confirm, confirm_page
from iamconsole.ui.htmx import redirect_with_flash, render_page
from policies.holders import Holder, holder_of
from policies.views.picker import PolicyPicker, policy_choices


@require_http_methods(["GET", "POST"])
@signed_in
def boundary_set(request: ConsoleRequest, plural: str, name: str) -> HttpResponse:
    """Choose the one policy that becomes the boundary."""
    holder = _bounded(plural, name)
    current = _current(request, holder)
    picker = policy_choices(request, selected=[current] if current else [], multiple=False, title="Policies")
    if request.method != "POST" or picker.moved:
        return _page(request, holder, picker, current)
    if not picker.selected:
        picker.error = "Select a policy."
        return _page(request, holder, picker, current, status=422)
    given = holder.given(PermissionsBoundary=picker.selected[0])
    try:
        door.perform(request.caller, holder.operation("Put{}PermissionsBoundary"), given)
    except ApiError as error:
        return _page(request, holder, picker, current, error, 422)
    return redirect_with_flash(request, holder.url, "success", f"Permissions boundary set for {name}.")


@require_http_methods(["GET", "POST"])
@signed_in
def boundary_remove(request: ConsoleRequest, plural: str, name: str) -> HttpResponse:
    """The dialog, and the removal."""
    holder = _bounded(plural, name)
    dialog = Confirm(
        title="Remove boundary?",
        text=f"Remove the permissions boundary of the {holder.shown_noun} {name}?",
        button="Remove boundary",
        cancel_url=holder.url,
        warning=f"Without it the policies of {name} apply in full: this may widen access.",
        breadcrumbs=tuple(holder.crumbs),
    )
    if not dialog.confirmed(request):
        return confirm_page(request, dialog)
    try:
        door.perform(request.caller, holder.operation("Delete{}PermissionsBoundary"), holder.member)
    except ApiError as error:
        return confirm_page(request, dialog, error)
    return redirect_with_flash(request, holder.url, "success", f"Permissions boundary removed from {name}.")


def _bounded(plural: str, name: str) -> Holder:
    holder = holder_of(plural, name)
    if not holder.can_be_bounded:
        raise Http404("User groups have no permissions boundary.")
    return holder


def _current(request: ConsoleRequest, holder: Holder) -> str:
    """The ARN of the boundary now; empty when there is none, or when the caller may not know."""
    answer = door.ask(request.caller, holder.operation("Get{}"), holder.member)
    found = answer.result.get(holder.noun, {})
    assert isinstance(found, Mapping)
    return str(found.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn", ""))


def _page(
    request: ConsoleRequest,
    holder: Holder,
    picker: PolicyPicker,
    current: str,
    error: ApiError | None = None,
    status: int = 200,
) -> HttpResponse:
    title = "Change permissions boundary" if current else "Set permissions boundary"
    denied = error if isinstance(error, AccessDenied) else None
    context = {
        "page_title": title,
        "description": f"A boundary limits what {holder.name} can do, whatever the policies attached to it permit.",
        "picker": picker,
        "denied": denied,
        "error": "" if denied or error is None else error.message,
        "cancel_url": holder.url,
        "submit_text": "Change boundary" if current else "Set boundary",
        "breadcrumbs": [*holder.crumbs, (title, None)],
    }
    return render_page(request, "policies/boundary_set.html", context, status=status)
