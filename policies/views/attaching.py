"""Putting managed policies on one user, group or role, and taking policies off again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from accounts.http import ConsoleRequest, signed_in
from iamconsole.operations import door
from iamconsole.operations.errors import AccessDenied, ApiError
from iamconsole.ui.dialogs import Confirm, confirm_page
from iamconsole.ui.htmx import flash, hx_redirect, redirect_with_flash, render_page
from policies.holders import Holder, holder_of
from policies.views.permissions import PermissionRow, permission_rows
from policies.views.picker import PolicyPicker, policy_choices


@dataclass(frozen=True)
class Failure:
    """One of several calls that did not go through; `what` it was about."""

    what: str
    error: ApiError

    @property
    def denied(self) -> AccessDenied | None:
        return self.error if isinstance(self.error, AccessDenied) else None


@require_http_methods(["GET", "POST"])
@signed_in
def attach_policies(request: ConsoleRequest, plural: str, name: str) -> HttpResponse:
    """Choose policies and attach them, each by a call of its own."""
    holder = holder_of(plural, name)
    rows, _ = permission_rows(request.caller, Holder(holder.kind, holder.name))
    attached = {row.arn for row in rows if row.arn and not row.through}
    picker = policy_choices(request, without=attached, title="Policies")
    if request.method != "POST" or picker.moved:
        return _attach_page(request, holder, picker)
    if not picker.selected:
        picker.error = "Select at least one policy."
        return _attach_page(request, holder, picker, status=422)
    failures = _attach(request, holder, picker.selected)
    done = len(picker.selected) - len(failures)
    if failures:
        picker.selected = [failure.what for failure in failures]
        return _attach_page(request, holder, picker, failures, done, 422)
    return redirect_with_flash(request, holder.url, "success", f"{_count(done)} attached to {name}.")


def _attach(request: ConsoleRequest, holder: Holder, arns: Iterable[str]) -> list[Failure]:
    failures = []
    for arn in arns:
        try:
            door.perform(request.caller, holder.operation("Attach{}Policy"), holder.given(PolicyArn=arn))
        except ApiError as error:
            failures.append(Failure(arn, error))
    return failures


def _attach_page(
    request: ConsoleRequest,
    holder: Holder,
    picker: PolicyPicker,
    failures: Iterable[Failure] = (),
    done: int = 0,
    status: int = 200,
) -> HttpResponse:
    context = {
        "page_title": f"Attach policies to {holder.name}",
        "description": "The permissions of the policies apply as soon as they are attached.",
        "picker": picker,
        "failures": list(failures),
        "done": _count(done) if done else "",
        "cancel_url": holder.url,
        "submit_text": "Attach policies",
        "breadcrumbs": [*holder.crumbs, ("Attach policies", None)],
    }
    return render_page(request, "policies/attach_policies.html", context, status=status)


def _count(number: int) -> str:
    return f"{number} {'policy' if number == 1 else 'policies'}"


@require_http_methods(["GET", "POST"])
@signed_in
def detach_policies(request: ConsoleRequest, plural: str, name: str) -> HttpResponse:
    """The dialog for the rows chosen in the Permissions tab: managed ones are detached, inline ones deleted."""
    holder = holder_of(plural, name)
    chosen = set((request.POST if request.method == "POST" else request.GET).getlist("selected"))
    rows, _ = permission_rows(request.caller, holder)
    picked = [row for row in rows if row.id in chosen]
    own = [row for row in picked if not row.through]
    if not picked:
        return redirect_with_flash(request, holder.url, "info", "Select the policies to remove first.")
    dialog = _remove_dialog(holder, own, [row for row in picked if row.through])
    if not dialog.confirmed(request) or not own:
        return confirm_page(request, dialog)
    return _remove(request, holder, own, dialog)


def _remove_dialog(holder: Holder, own: list[PermissionRow], inherited: list[PermissionRow]) -> Confirm:
    inline = [row.name for row in own if row.inline]
    text = [f"Remove {', '.join(row.name for row in own)} from {holder.name}?"] if own else []
    if inline:
        text.append(f"Inline policies are deleted permanently: {', '.join(inline)}.")
    stay = ", ".join(f"{row.name} (group {row.through})" for row in inherited)
    return Confirm(
        title=f"Remove policies of {holder.shown_noun} {holder.name}?" if len(own) != 1 else f"Remove {own[0].name}?",
        text=" ".join(text) or "Nothing that was selected can be removed here.",
        button="Remove policies" if len(own) > 1 else "Remove policy",
        cancel_url=holder.url,
        warning=f"Inherited from a group, change them there: {stay}." if stay else "",
        hidden=tuple(("selected", row.id) for row in own),
        breadcrumbs=tuple(holder.crumbs),
    )


def _remove(request: ConsoleRequest, holder: Holder, rows: list[PermissionRow], dialog: Confirm) -> HttpResponse:
    done: list[PermissionRow] = []
    for row in rows:
        try:
            _remove_one(request, holder, row)
        except ApiError as error:
            if done:
                flash(request, "success", _removed(done))
            return confirm_page(request, dialog, error)
        done.append(row)
    flash(request, "success", _removed(done))
    return hx_redirect(request, holder.url)


def _remove_one(request: ConsoleRequest, holder: Holder, row: PermissionRow) -> None:
    if row.inline:
        door.perform(request.caller, holder.operation("Delete{}Policy"), holder.given(PolicyName=row.name))
    else:
        door.perform(request.caller, holder.operation("Detach{}Policy"), holder.given(PolicyArn=row.arn))


def _removed(rows: list[PermissionRow]) -> str:
    inline = all(row.inline for row in rows)
    count = f"{len(rows)} inline {'policy' if len(rows) == 1 else 'policies'}" if inline else _count(len(rows))
    return f"{count} removed"
