"""Resynchronising and removing MFA devices: one's own, or another user's. Assigning them: mfa_assign."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from accounts.forms_mfa import TwoCodes
from accounts.http import ConsoleRequest, signed_in
from accounts.views.mfa_assign import with_codes
from accounts.views.own import Owner, stay_signed_in
from accounts.views.password import shown
from iamconsole.operations.door import perform
from iamconsole.operations.errors import ApiError, NoSuchEntity
from iamconsole.ui.dialogs import Confirm, confirm_page
from iamconsole.ui.htmx import redirect_with_flash
from identities.mfa_kinds import MfaKind, kind_of

REMOVED = "MFA device removed."


@signed_in
def resync(request: ConsoleRequest, serial: str, user_name: str = "") -> HttpResponse:
    """Two codes in a row tell how far the device's clock is off."""
    owner = Owner(request.caller, user_name)
    form = TwoCodes(request.POST if request.method == "POST" else None)
    context: dict[str, object] = {
        "form": form,
        "page_title": "Resynchronize MFA device",
        "description": serial,
        "breadcrumbs": owner.crumbs("Resynchronize MFA device"),
        "container_title": "Two consecutive codes",
        "submit_text": "Resync",
        "cancel_url": owner.back,
    }
    if form.is_valid():
        error = with_codes(request, "iam:ResyncMFADevice", owner, serial, form)
        if error is None:
            return redirect_with_flash(request, owner.back, "success", "MFA device resynchronized.")
        context |= shown(error)
    return render(request, "generic/form.html", context)


@signed_in
def remove(request: ConsoleRequest, serial: str, user_name: str = "") -> HttpResponse:
    """Take a device off its user, and out of the account."""
    owner = Owner(request.caller, user_name)
    dialog = Confirm(
        title="Remove MFA device?",
        text=f"{serial} will no longer work for {owner.shown}. From now on it is refused.",
        button="Remove",
        cancel_url=owner.back,
        breadcrumbs=tuple(owner.crumbs("Remove MFA device")[:-1]),
    )
    if not dialog.confirmed(request):
        return confirm_page(request, dialog)
    try:
        perform(request.caller, "iam:DeactivateMFADevice", {**owner.required, "SerialNumber": serial})
    except ApiError as error:
        return confirm_page(request, dialog, error)
    stay_signed_in(request, owner)
    if kind_of(serial) is not MfaKind.VIRTUAL:
        return redirect_with_flash(request, owner.back, "success", REMOVED)
    return _delete_device(request, owner, serial)


def _delete_device(request: ConsoleRequest, owner: Owner, serial: str) -> HttpResponse:
    """Deleting is a permission of its own: without it the device stays in the account, unassigned, and we say so."""
    try:
        perform(request.caller, "iam:DeleteVirtualMFADevice", {"SerialNumber": serial})
    except NoSuchEntity:
        pass  # gone already: nothing is left to delete
    except ApiError as error:
        text = "MFA device removed, but it stays in the account unassigned."
        return redirect_with_flash(request, owner.back, "warning", text, detail=error.message)
    return redirect_with_flash(request, owner.back, "success", REMOVED)
