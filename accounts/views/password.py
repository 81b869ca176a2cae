"""Changing one's password: when sign-in demands it, and from My security credentials."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts import sessions, sign_in
from accounts.caller import Caller
from accounts.forms import NewPassword, RequiredPassword
from accounts.http import ConsoleRequest, signed_in
from accounts.root_password import change_root_password
from accounts.sign_in import Step
from accounts.views.own import crumbs, own_version
from accounts.views.steps import enter, start_again, waiting
from iamconsole.operations.door import perform
from iamconsole.operations.errors import AccessDenied, ApiError
from iamconsole.ui.htmx import redirect_with_flash


def forced_change(request: HttpRequest) -> HttpResponse:
    """The password was set by somebody else: its user must choose one, as far as the user's policies allow."""
    now = timezone.now()
    pending, to = waiting(request, Step.PASSWORD, now)
    if pending is None:
        return start_again(request)
    caller = pending.claim.caller(sessions.origin_of(request), pending.mfa_at)
    form = RequiredPassword(request.POST if request.method == "POST" else None)
    context: dict[str, object] = {"form": form, "claim": pending.claim}
    if form.is_valid():
        error = _change(caller, form)
        if error is None:
            if not sign_in.use(pending.token):
                return start_again(request)
            sign_in.record_password_updated(caller, now)
            claim = sign_in.user_claim(caller.account_id, caller.name)
            return enter(request, claim, now, pending.mfa_at, to)
        context |= shown(error)
    return render(request, "accounts/change_password.html", context)


@signed_in
def own_password(request: ConsoleRequest) -> HttpResponse:
    """Change the password of whoever is signed in; this session lives on, every other ends."""
    form = NewPassword(request.POST if request.method == "POST" else None)
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
            sessions.keep(request, own_version(request.caller))
            return redirect_with_flash(request, reverse("security-credentials"), "success", "Password updated.")
        context |= shown(error)
    return render(request, "generic/form.html", context)


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
