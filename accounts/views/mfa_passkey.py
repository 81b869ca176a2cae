"""A passkey or security key as the second factor of a sign-in. The browser's part is static/passkeys.js."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts import sessions, sign_in
from accounts.forms_mfa import PasskeyAnswer
from accounts.sign_in import Pending, Step
from accounts.views import cookies
from accounts.views.mfa import facts, kinds_of
from accounts.views.steps import EXPIRED, advance, start_again, waiting
from iamconsole.ui.htmx import hx_redirect
from identities import challenges, passkeys
from identities.mfa_kinds import MfaKind
from identities.passkeys import Refusal

NO_ANSWER = "No answer of a passkey arrived. Choose “Use passkey or security key” and follow what your browser asks."


def passkey(request: HttpRequest) -> HttpResponse:
    """Ask for a passkey; whatever goes wrong stays here and says what to do next."""
    pending, to = waiting(request, Step.MFA, timezone.now())
    if pending is None:
        return start_again(request)
    if MfaKind.PASSKEY not in kinds_of(pending.claim):
        return hx_redirect(request, reverse("signin-mfa"))
    problem = ""
    if request.method == "POST":
        form = PasskeyAnswer(request.POST)
        entered = _enter(request, pending, form.cleaned_data["answer"], to) if form.is_valid() else NO_ANSWER
        if isinstance(entered, HttpResponse):
            return entered
        problem = entered
    context = {
        "problem": problem,
        "ceremony": "get",
        "options_url": reverse("signin-mfa-passkey-options"),
        "origins": passkeys.origins(),
        "origins_json": json.dumps(passkeys.origins()),
        **facts(pending.claim),
    }
    return render(request, "accounts/mfa_passkey.html", context)


@require_POST
def options(request: HttpRequest) -> HttpResponse:
    """What the browser has to ask the passkey for: a new challenge each time, for this sign-in alone."""
    now = timezone.now()
    pending, _ = waiting(request, Step.MFA, now)
    if pending is None or pending.claim.account is None:
        return JsonResponse({"problem": EXPIRED}, status=403)
    account_id = pending.claim.account.pk
    owned = passkeys.passkeys_of(account_id, pending.claim.user)
    text = passkeys.options_to_sign_in(account_id, owned, _binding(pending), now)
    return HttpResponse(text, content_type="application/json")


def _enter(request: HttpRequest, pending: Pending, answer: str, to: str) -> HttpResponse | str:
    now, claim = timezone.now(), pending.claim
    device, origin = cookies.known_device(request, claim), sessions.origin_of(request)
    proven = sign_in.proven_by_passkey(claim, answer, _binding(pending), origin, device, now)
    if isinstance(proven, Refusal):
        return proven.value
    return advance(request, proven, now, now, to) if sign_in.use(pending.token) else start_again(request)


def _binding(pending: Pending) -> str:
    """The token lies in this session only, and is used once."""
    return challenges.binding("sign-in", pending.token)
