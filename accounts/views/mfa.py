"""The second factor of a sign-in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts import sessions, sign_in
from accounts.forms import DeviceCodes, MfaCode
from accounts.sign_in import Claim, Step
from accounts.views import cookies
from accounts.views.steps import advance, start_again, waiting
from iamconsole.ui.htmx import hx_redirect, redirect_with_flash


def challenge(request: HttpRequest) -> HttpResponse:
    """Ask for a code of any device; a wrong one stays here."""
    now = timezone.now()
    pending, to = waiting(request, Step.MFA, now)
    if pending is None:
        return start_again(request)
    claim, failed = pending.claim, False
    form = MfaCode(request.POST if request.method == "POST" else None)
    if form.is_valid():
        device, origin = cookies.known_device(request, claim), sessions.origin_of(request)
        right = sign_in.code_is_right(claim, form.cleaned_data["code"], origin, device, now)
        if right:
            return advance(request, claim, now, now, to) if sign_in.use(pending.token) else start_again(request)
        form, failed = MfaCode(), True
    context = {"form": form, "claim": claim, "failed": failed, "offer_resync": _offered(request, claim)}
    return render(request, "accounts/mfa.html", context)


def resync(request: HttpRequest) -> HttpResponse:
    """After several wrong codes: two in a row set the device's clock right, and the next one is asked for."""
    now = timezone.now()
    pending, _ = waiting(request, Step.MFA, now)
    if pending is None:
        return start_again(request)
    claim, failed = pending.claim, False
    if not _offered(request, claim):
        return hx_redirect(request, reverse("signin-mfa"))
    devices = {device.pk: device for device in sign_in.devices(claim)}
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
