"""The wizard that assigns an MFA device, to oneself or to another user: its kind first, then its proof."""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts import sessions
from accounts.forms_mfa import AssignDevice, HardwareToken, PasskeyAnswer, TwoCodes
from accounts.http import ConsoleRequest, signed_in
from accounts.views import enrolment
from accounts.views.own import Owner
from accounts.views.password import shown
from iamconsole.operations.door import perform
from iamconsole.operations.errors import AccessDenied, ApiError, InvalidAuthenticationCode, NoSuchEntity
from iamconsole.operations.secrets import Secret
from iamconsole.ui.htmx import hx_redirect, redirect_with_flash
from identities import challenges, passkeys
from identities.mfa_kinds import MfaKind
from identities.operations.mfa_assignment import need_mfa
from identities.operations.mfa_passkeys import check_name
from identities.queries import whose

STEPS = ("Select MFA device", "Set up device")
ASSIGNED = "MFA device assigned."
ADVICE = "You can assign up to 8 MFA devices. A second one lets you in when the first is lost."
MFA_FIRST = (
    "You have an MFA device, and this session was signed in without it. Sign out, sign in with your MFA device, "
    "and assign another one then. If the device is lost, an administrator can remove it."
)
OVER = "That set-up is over: it was finished, cancelled, or begun in another session. Begin again."
NO_ANSWER = "No answer of a passkey arrived. Choose “Continue” and follow what your browser asks."


@signed_in
def assign(request: ConsoleRequest, user_name: str = "") -> HttpResponse:
    """Step 1: the name and the kind. An app's device is made now, but belongs to nobody yet."""
    owner = Owner(request.caller, user_name)
    if request.POST.get("wizard") == "cancel":
        return hx_redirect(request, owner.back)
    started = {"name": request.GET.get("name", "")[:128], "kind": request.GET.get("kind", MfaKind.PASSKEY.value)}
    form = AssignDevice(request.POST if request.method == "POST" else None, initial=started)
    context: dict[str, object] = {"form": form, **_without_mfa(request, owner)}
    if "error" not in context and form.is_valid():
        try:
            return hx_redirect(request, _second_step(request, owner, form))
        except ApiError as error:
            context |= shown(error)
    return _wizard(request, "accounts/mfa_select.html", owner, 1, context)


def _second_step(request: ConsoleRequest, owner: Owner, form: AssignDevice) -> str:
    name = form.cleaned_data["name"]
    if form.device_kind is MfaKind.HARDWARE:
        return owner.url("mfa-hardware")
    if form.device_kind is MfaKind.VIRTUAL:
        return owner.url("mfa-set-up", enrolment.start(request, owner, name))
    check_name(name)
    return f"{owner.url('mfa-passkey')}?{urlencode({'name': name})}"


@signed_in
def set_up(request: ConsoleRequest, token: str, user_name: str = "") -> HttpResponse:
    """Step 2 of an app: scan the code, prove it with two codes in a row."""
    owner = Owner(request.caller, user_name)
    draft = enrolment.find(request, owner, token)
    if draft is None:
        return redirect_with_flash(request, owner.url("mfa-assign"), "warning", OVER)
    if request.POST.get("wizard") in ("cancel", "previous"):
        enrolment.drop(request, token)
        return _leave(request, owner, MfaKind.VIRTUAL)
    form = TwoCodes(request.POST if request.method == "POST" else None)
    context: dict[str, object] = {"form": form, "draft": draft, "submit_text": "Add MFA"}
    if form.is_valid():
        error = with_codes(request, "iam:EnableMFADevice", owner, draft.serial, form)
        if error is None:
            enrolment.forget(request, token)
            return _assigned(request, owner)
        context |= _refused(error)
    return _wizard(request, "accounts/mfa_set_up.html", owner, 2, context)


@signed_in
def hardware(request: ConsoleRequest, user_name: str = "") -> HttpResponse:
    """Step 2 of a token: the number on its back, and two codes in a row."""
    owner = Owner(request.caller, user_name)
    if request.POST.get("wizard") in ("cancel", "previous"):
        return _leave(request, owner, MfaKind.HARDWARE)
    form = HardwareToken(request.POST if request.method == "POST" else None)
    context: dict[str, object] = {"form": form, "submit_text": "Add MFA", **_without_mfa(request, owner)}
    if "error" not in context and form.is_valid():
        error = with_codes(request, "iam:EnableMFADevice", owner, form.cleaned_data["serial"].strip(), form)
        if error is None:
            return _assigned(request, owner)
        context |= {**_refused(error), "unknown": isinstance(error, NoSuchEntity)}
    return _wizard(request, "accounts/mfa_hardware.html", owner, 2, context)


@signed_in
def passkey(request: ConsoleRequest, user_name: str = "") -> HttpResponse:
    """Step 2 of a passkey: the browser makes it, its first answer proves it."""
    owner, name = Owner(request.caller, user_name), request.GET.get("name", "")[:128]
    if not name:
        return hx_redirect(request, owner.url("mfa-assign"))
    if request.POST.get("wizard") in ("cancel", "previous"):
        return _leave(request, owner, MfaKind.PASSKEY, name)
    context: dict[str, object] = {
        "name": name,
        "submit_text": "Continue",
        "ceremony": "create",
        "options_url": f"{owner.url('mfa-passkey-options')}?{urlencode({'name': name})}",
        "origins": passkeys.origins(),
        "origins_json": json.dumps(passkeys.origins()),
        **_without_mfa(request, owner),
    }
    if "error" not in context and request.method == "POST":
        form = PasskeyAnswer(request.POST)
        error = _enable(request, owner, name, form.cleaned_data["answer"]) if form.is_valid() else None
        if form.is_valid() and error is None:
            return _assigned(request, owner)
        context |= shown(error) if error else {"error": NO_ANSWER}
    return _wizard(request, "accounts/mfa_passkey_set_up.html", owner, 2, context)


@require_POST
@signed_in
def passkey_options(request: ConsoleRequest, user_name: str = "") -> HttpResponse:
    """What the browser has to ask for: a new challenge each time, for this session and this user alone."""
    owner = Owner(request.caller, user_name)
    given = {**owner.required, "DeviceName": request.GET.get("name", "")[:128], "BoundTo": _binding(request, owner)}
    try:
        made = perform(request.caller, "iamconsole:BeginPasskey", given)["Options"]
    except ApiError as error:
        return JsonResponse({"problem": error.message}, status=error.status)
    assert isinstance(made, Secret)
    return HttpResponse(made.reveal(), content_type="application/json")


def _enable(request: ConsoleRequest, owner: Owner, name: str, answer: str) -> ApiError | None:
    proof = {"Answer": Secret(answer), "BoundTo": _binding(request, owner)}
    try:
        perform(request.caller, "iamconsole:EnableMFADevice", {**owner.required, "DeviceName": name, **proof})
    except ApiError as error:
        return error
    return None


def _binding(request: ConsoleRequest, owner: Owner) -> Secret:
    account, user = request.caller.account_id, str(owner.required["UserName"])
    return Secret(challenges.binding("assign", str(request.session.session_key), account, user))


def with_codes(request: ConsoleRequest, name: str, owner: Owner, serial: str, form: TwoCodes) -> ApiError | None:
    """Do an operation that two codes in a row prove."""
    codes = {"AuthenticationCode1": form.cleaned_data["code1"], "AuthenticationCode2": form.cleaned_data["code2"]}
    try:
        perform(request.caller, name, {**owner.required, "SerialNumber": serial, **codes})
    except ApiError as error:
        return error
    return None


def _refused(error: ApiError) -> dict[str, object]:
    return {**shown(error), "wrong_codes": isinstance(error, InvalidAuthenticationCode)}


def _without_mfa(request: ConsoleRequest, owner: Owner) -> dict[str, object]:
    """Say at the beginning what the door would say at the end."""
    if not owner.is_caller:
        return {}
    try:
        need_mfa(request.caller, "iam:EnableMFADevice", whose(request.caller, owner.named or None))
    except AccessDenied:
        return {"error": MFA_FIRST, "error_title": "Sign in with MFA first"}
    except ApiError as error:
        return shown(error)
    return {}


def _leave(request: ConsoleRequest, owner: Owner, kind: MfaKind, name: str = "") -> HttpResponse:
    """Out of the second step: away, or back to the first with what was chosen there."""
    if request.POST["wizard"] == "cancel":
        return hx_redirect(request, owner.back)
    return hx_redirect(request, f"{owner.url('mfa-assign')}?{urlencode({'kind': kind.value, 'name': name})}")


def _assigned(request: ConsoleRequest, owner: Owner) -> HttpResponse:
    if owner.is_caller:
        # Whoever has just shown that the device works has signed in with it.
        sessions.passed_mfa(request, timezone.now())
    return redirect_with_flash(request, owner.back, "success", ASSIGNED, detail=ADVICE)


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
