"""One policy and those it is put on: attach to many, detach from many, each by a call of its own."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.http import ConsoleRequest, signed_in
from iamconsole.operations import door
from iamconsole.operations.errors import ApiError
from iamconsole.ui.dialogs import Confirm, confirm_page
from iamconsole.ui.htmx import flash, hx_redirect, redirect_with_flash, render_page
from policies.crumbs import policy_crumbs
from policies.entities import Entity, everybody, from_id, using
from policies.tables import ATTACHABLE
from policies.views.attaching import Failure


@require_http_methods(["GET", "POST"])
@signed_in
def policy_attach(request: ConsoleRequest, arn: str) -> HttpResponse:
    """Choose users, groups and roles, and attach the policy to them."""
    if request.method != "POST":
        return _attach_page(request, arn)
    chosen = _chosen(request)
    if not chosen:
        return _attach_page(request, arn, error="Select at least one entity.", status=422)
    failures = _each(request, "Attach{}Policy", chosen, arn)
    done = len(chosen) - len(failures)
    if failures:
        return _attach_page(request, arn, failures=failures, done=_attached_to(done) if done else "", status=422)
    return redirect_with_flash(request, _entities_url(arn), "success", _attached_to(done))


@require_http_methods(["GET", "POST"])
@signed_in
def policy_detach(request: ConsoleRequest, arn: str) -> HttpResponse:
    """The dialog for the entities chosen in the tab, and the detaching."""
    chosen, name = _chosen(request), arn.rsplit("/", 1)[-1]
    if not chosen:
        return redirect_with_flash(request, _entities_url(arn), "info", "Select the entities to detach first.")
    dialog = Confirm(
        title=f"Detach {name}?",
        text=f"Detach {name} from {', '.join(entity.shown for entity in chosen)}?",
        button="Detach policy",
        cancel_url=_entities_url(arn),
        hidden=tuple(("selected", entity.id) for entity in chosen),
        breadcrumbs=tuple(policy_crumbs(arn)),
    )
    if not dialog.confirmed(request):
        return confirm_page(request, dialog)
    failures = _each(request, "Detach{}Policy", chosen, arn)
    done = len(chosen) - len(failures)
    if done:
        flash(request, "success", f"Policy detached from {_count(done)}")
    if failures:
        return confirm_page(request, dialog, failures[0].error)
    return hx_redirect(request, _entities_url(arn))


def _chosen(request: ConsoleRequest) -> list[Entity]:
    sent = (request.POST if request.method == "POST" else request.GET).getlist("selected")
    return [entity for each in dict.fromkeys(sent) if (entity := from_id(each))]


def _each(request: ConsoleRequest, operation: str, entities: Iterable[Entity], arn: str) -> list[Failure]:
    failures = []
    for entity in entities:
        holder = entity.holder
        try:
            door.perform(request.caller, holder.operation(operation), holder.given(PolicyArn=arn))
        except ApiError as error:
            failures.append(Failure(entity.shown, error))
    return failures


def _attached_to(count: int) -> str:
    return f"Policy attached to {_count(count)}"


def _count(number: int) -> str:
    return f"{number} {'entity' if number == 1 else 'entities'}"


def _entities_url(arn: str) -> str:
    return reverse("policy-tab", args=["entities", arn])


def _attach_page(
    request: ConsoleRequest,
    arn: str,
    *,
    failures: Iterable[Failure] = (),
    error: str = "",
    done: str = "",
    status: int = 200,
) -> HttpResponse:
    everyone, refused = everybody(request.caller)
    attached, _ = using(request.caller, arn, "PermissionsPolicy")
    rows = [entity for entity in everyone if entity not in attached]
    context = {
        "page_title": f"Attach {arn.rsplit('/', 1)[-1]}",
        "description": "Attach the policy to users, user groups and roles.",
        "table": ATTACHABLE.bind(request, rows, form_id="attach", heading=2, selected=request.POST.getlist("selected")),
        "refused": refused,
        "failures": list(failures),
        "error": error,
        "done": done,
        "cancel_url": _entities_url(arn),
        "breadcrumbs": policy_crumbs(arn, ("Attach policy", None)),
    }
    return render_page(request, "policies/policy_attach.html", context, fragment="ui/_table.html", status=status)
