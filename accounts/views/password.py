"""Changing one's password: when sign-in demands it, and from My security credentials."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts import sessions, sign_in
from accounts.caller import Caller
from accounts.forms import NewPassword, RequiredPassword
from accounts.http import ConsoleRequest, signed_in
from accounts.root_password import change_root_password
from accounts.sign_in import Claim, Step
from accounts.views.own import crumbs, keep
from accounts.views.steps import enter, start_again, waiting
from iamconsole.operations.door import perform
from iamconsole.operations.errors import AccessDenied, ApiError
from iamconsole.operations.secrets import Secret
from iamconsole.ui.htmx import flash, redirect_with_flash
from identities.common_passwords import is_common
from identities.password_checklist import Check, root_checks, user_checks
from identities.password_rules import is_expired, only_an_administrator_helps

COMMON = "The new password is one of the most common ones"
COMMON_DETAIL = "Whoever guesses passwords tries it among the first. Choose another one soon."


def forced_change(request: HttpRequest) -> HttpResponse:
    """The password was set by somebody else, or is too old: its user must choose one, as far as policies allow."""
    now = timezone.now()
    pending, to = waiting(request, Step.PASSWORD, now)
    if pending is None:
        return start_again(request)
    caller = pending.claim.caller(sessions.origin_of(request), pending.mfa_at)
    data = request.POST if request.method == "POST" else None
    form = RequiredPassword(user_checks(caller.account_id), data)
    context: dict[str, object] = {"form": form, "claim": pending.claim, **_why(pending.claim, now)}
    if form.is_valid():
        error = _change(caller, form)
        if error is None:
            if not sign_in.use(pending.token):
                return start_again(request)
            sign_in.record_password_updated(caller, now)
            claim = sign_in.user_claim(caller.account_id, caller.name)
            if claim.user is None or claim.version != pending.claim.version + 1:
                return start_again(request)  # somebody else changed the credentials in this very moment
            entered = enter(request, claim, now, pending.mfa_at, to)
            warn_of_common(request, form.cleaned_data["new"])
            return entered
        context |= shown(error)
    return render(request, "accounts/change_password.html", context)


def _why(claim: Claim, now: datetime) -> dict[str, object]:
    profile = claim.profile
    if profile is None:
        return {}
    return {"expired": is_expired(profile, now), "dead_end": only_an_administrator_helps(profile, now)}


@signed_in
def own_password(request: ConsoleRequest) -> HttpResponse:
    """Change the password of whoever is signed in; this session lives on, every other ends."""
    form = NewPassword(_checks(request), request.POST if request.method == "POST" else None)
    context: dict[str, object] = {
        "form": form,
        "page_title": "Change password",
        "breadcrumbs": crumbs("Change password"),
        "container_title": "Password",
        "submit_text": "Change password",
        "cancel_url": reverse("security-credentials"),
    }
    if form.is_valid():
        error = _change(request.caller, form)
        if error is None:
            keep(request)
            warn_of_common(request, form.cleaned_data["new"])
            return redirect_with_flash(request, reverse("security-credentials"), "success", "Password updated.")
        context |= shown(error)
    return render(request, "generic/form.html", context)


def _checks(request: ConsoleRequest) -> list[Check]:
    return root_checks(request.account) if request.caller.is_root else user_checks(request.caller.account_id)


def warn_of_common(request: HttpRequest, new: Secret) -> None:
    """AWS takes any password that fits the rules; we say what we think of the commonest."""
    if is_common(new):
        flash(request, "warning", COMMON, COMMON_DETAIL)


def _change(caller: Caller, form: NewPassword) -> ApiError | None:
    old, new = form.cleaned_data["old"], form.cleaned_data["new"]
    try:
        if caller.is_root:
            change_root_password(caller, old, new, timezone.now())
        else:
            perform(caller, "iam:ChangePassword", {"OldPassword": old.reveal(), "NewPassword": new.reveal()})
    except ApiError as error:
        return error
    return None


def shown(error: ApiError) -> dict[str, object]:
    """An operation's error for a template: a refusal as the Access denied box, any other as a sentence."""
    return {"denied": error} if isinstance(error, AccessDenied) else {"error": error.message}
