"""Assigning, resynchronising and removing MFA devices: one's own, or another user's."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts import sessions
from accounts.forms import DeviceName, TwoCodes
from accounts.http import ConsoleRequest, signed_in
from accounts.views import enrolment
from accounts.views.own import Owner, stay_signed_in
from accounts.views.password import shown
from iamconsole.operations.door import perform
from iamconsole.operations.errors import ApiError, NoSuchEntity
from iamconsole.ui.dialogs import Confirm, confirm_page
from iamconsole.ui.htmx import hx_redirect, redirect_with_flash

STEPS = ("Select MFA device", "Set up device")
ASSIGNED = "MFA device assigned."
ADVICE = "You can assign up to 8 MFA devices. A second one lets you in when the first is lost."


@signed_in
def assign(request: ConsoleRequest, user_name: str = "") -> HttpResponse:
    """Step 1: name the device; it is made, but belongs to nobody yet."""
    owner = Owner(request.caller, user_name)
    if request.POST.get("wizard") == "cancel":
        return hx_redirect(request, owner.back)
    form = DeviceName(request.POST if request.method == "POST" else None)
    context: dict[str, object] = {"form": form, "container_title": "MFA device name"}
    if form.is_valid():
        try:
            token = enrolment.start(request, owner, form.cleaned_data["name"])
            return hx_redirect(request, owner.url("mfa-set-up", token))
        except ApiError as error:
            context |= shown(error)
    return _wizard(request, "accounts/mfa_name.html", owner, 1, context)


@signed_in
def set_up(request: ConsoleRequest, token: str, user_name: str = "") -> HttpResponse:
    """Step 2: scan the code, prove it with two codes in a row."""
    owner = Owner(request.caller, user_name)
    draft = enrolment.find(request, owner, token)
    if draft is None:
        return hx_redirect(request, owner.url("mfa-assign"))
    if request.POST.get("wizard") in ("cancel", "previous"):
        enrolment.drop(request, token)
        cancelled = request.POST["wizard"] == "cancel"
        return hx_redirect(request, owner.back if cancelled else owner.url("mfa-assign"))
    form = TwoCodes(request.POST if request.method == "POST" else None)
    context: dict[str, object] = {"form": form, "draft": draft, "submit_text": "Add MFA"}
    if form.is_valid():
        error = _with_codes(request, "iam:EnableMFADevice", owner, draft.serial, form)
        if error is None:
            return _assigned(request, owner, token)
        context |= shown(error)
    return _wizard(request, "accounts/mfa_set_up.html", owner, 2, context)


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
        error = _with_codes(request, "iam:ResyncMFADevice", owner, serial, form)
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
        text=f"{serial} will no longer work for {owner.shown}. Codes of this device are refused from now on.",
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
    return _delete_device(request, owner, serial)


def _delete_device(request: ConsoleRequest, owner: Owner, serial: str) -> HttpResponse:
    """Deleting is a permission of its own: without it the device stays in the account, unassigned, and we say so."""
    try:
        perform(request.caller, "iam:DeleteVirtualMFADevice", {"SerialNumber": serial})
    except NoSuchEntity:
        pass  # not a virtual device, or gone already: nothing is left to delete
    except ApiError as error:
        text = "MFA device removed, but it stays in the account unassigned."
        return redirect_with_flash(request, owner.back, "warning", text, detail=error.message)
    return redirect_with_flash(request, owner.back, "success", "MFA device removed.")


def _assigned(request: ConsoleRequest, owner: Owner, token: str) -> HttpResponse:
    enrolment.forget(request, token)
    if owner.is_caller:
        # Whoever has just shown two codes of the device has signed in with it.
        sessions.passed_mfa(request, timezone.now())
    return redirect_with_flash(request, owner.back, "success", ASSIGNED, detail=ADVICE)


def _with_codes(request: ConsoleRequest, name: str, owner: Owner, serial: str, form: TwoCodes) -> ApiError | None:
    codes = {"AuthenticationCode1": form.cleaned_data["code1"], "AuthenticationCode2": form.cleaned_data["code2"]}
    try:
        perform(request.caller, name, {**owner.required, "SerialNumber": serial, **codes})
    except ApiError as error:
        return error
    return None


def _wizard(
    request: HttpRequest, template: str, owner: Owner, step: int, context: Mapping[str, object]
) -> HttpResponse:
    frame = {
        "steps": STEPS,
        "step": step,
        "page_title": STEPS[step - 1],
        "owner": owner,
        "breadcrumbs": owner.crumbs("Assign MFA device"),
    }
    return render(request, template, {**frame, **context})
