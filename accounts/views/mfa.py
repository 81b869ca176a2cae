"""The second factor of a sign-in: choosing the kind of device, codes, setting a clock right. Passkeys: mfa_passkey."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts import sessions, sign_in
from accounts.forms_mfa import DeviceCodes, MfaCode, MfaMethod
from accounts.sign_in import Claim, Pending, Step
from accounts.views import cookies
from accounts.views.steps import advance, start_again, waiting
from iamconsole.ui.htmx import hx_redirect, redirect_with_flash
from identities.mfa_kinds import MfaKind


def challenge(request: HttpRequest) -> HttpResponse:
    """Ask which kind of device where there are several, then for a code of any; a wrong one stays here."""
    now = timezone.now()
    pending, to = waiting(request, Step.MFA, now)
    if pending is None:
        return start_again(request)
    kinds = kinds_of(pending.claim)
    chosen = _chosen(request, kinds)
    if isinstance(chosen, MfaMethod):
        return render(request, "accounts/mfa_method.html", {"form": chosen, "claim": pending.claim})
    if chosen is MfaKind.PASSKEY:
        return hx_redirect(request, reverse("signin-mfa-passkey"))
    form, failed = MfaCode(request.POST if request.method == "POST" else None), False
    if form.is_valid():
        entered = _enter(request, pending, form.cleaned_data["code"], to)
        if entered is not None:
            return entered
        form, failed = MfaCode(), True
    offer = _offered(request, pending.claim)
    return render(
        request,
        "accounts/mfa.html",
        {"form": form, "failed": failed, "offer_resync": offer, "kind": chosen, **facts(pending.claim)},
    )


def kinds_of(claim: Claim) -> list[MfaKind]:
    """The kinds of the claim's devices, in the order in which they are offered."""
    owned = {device.kind for device in sign_in.devices(claim)}
    return [kind for kind in MfaKind if kind in owned]


def facts(claim: Claim) -> dict[str, object]:
    """What every page of this step shows."""
    return {"claim": claim, "kinds": kinds_of(claim)}


def _chosen(request: HttpRequest, kinds: Sequence[MfaKind]) -> MfaKind | MfaMethod:
    """The kind that was chosen, or the form that asks; a code that comes unasked is looked at all the same."""
    if len(kinds) == 1:
        return kinds[0]
    form = MfaMethod(kinds, request.GET if "method" in request.GET else None)
    if form.is_valid():
        return MfaKind(form.cleaned_data["method"])
    return MfaKind.VIRTUAL if request.method == "POST" else form


def _enter(request: HttpRequest, pending: Pending, code: str, to: str) -> HttpResponse | None:
    now, claim = timezone.now(), pending.claim
    device, origin = cookies.known_device(request, claim), sessions.origin_of(request)
    proven = sign_in.proven_by_code(claim, code, origin, device, now)
    if proven is None:
        return None
    return advance(request, proven, now, now, to) if sign_in.use(pending.token) else start_again(request)


def resync(request: HttpRequest) -> HttpResponse:
    """After several wrong codes: two in a row set the device's clock right, and the next one is asked for."""
    now = timezone.now()
    pending, _ = waiting(request, Step.MFA, now)
    if pending is None:
        return start_again(request)
    claim, failed = pending.claim, False
    devices = {device.pk: device for device in sign_in.code_devices(claim)}
    if not devices or not _offered(request, claim):
        return hx_redirect(request, reverse("signin-mfa"))
    names = {serial: device.name for serial, device in devices.items()}
    form = DeviceCodes(names, request.POST if request.method == "POST" else None)
    if form.is_valid():
        known, origin = cookies.known_device(request, claim), sessions.origin_of(request)
        if sign_in.resync(claim, devices[form.chosen], form.codes, origin, known, now):
            text = "Device resynchronized. Enter the next code that it shows."
            return redirect_with_flash(request, reverse("signin-mfa"), "success", text)
        form, failed = DeviceCodes(names), True
    return render(request, "accounts/mfa_resync.html", {"form": form, "claim": claim, "failed": failed})


def _offered(request: HttpRequest, claim: Claim) -> bool:
    return sign_in.may_resync(claim, sessions.origin_of(request), cookies.known_device(request, claim))
