"""The second factor of a sign-in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts import sessions, sign_in
from accounts.forms import MfaCode
from accounts.sign_in import Step
from accounts.views import cookies
from accounts.views.steps import advance, start_again, waiting


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
    return render(request, "accounts/mfa.html", {"form": form, "claim": claim, "failed": failed})
