"""From a right password to the console: which step is due, what waits in the session, and the way in."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from accounts import sessions, sign_in
from accounts.sign_in import Claim, Pending, Step
from accounts.slots import slot_of
from accounts.views import cookies
from iamconsole.redirects import is_local
from iamconsole.ui.htmx import flash, hx_redirect

KEY = "pending_sign_in"
EXPIRED = "This sign-in has expired or was finished elsewhere. You have five minutes after the password: sign in again."
PAGES = {Step.MFA: "signin-mfa", Step.PASSWORD: "signin-change-password"}


def safe_next(address: str) -> str:
    """`address` if it is a page of this console, else the home page: no sign-in leads away from here."""
    return address if is_local(address) else reverse("home")


def advance(request: HttpRequest, claim: Claim, now: datetime, mfa_at: datetime | None, to: str) -> HttpResponse:
    """On to the next step, or in. The session gets a new key at each; what an earlier user left in it is gone."""
    step = sign_in.next_step(claim, mfa_at, now)
    sessions.leave(request)
    if step is None:
        return enter(request, claim, now, mfa_at, to)
    if step is Step.MFA:
        sign_in.record_check_mfa(claim, sessions.origin_of(request), now)
    token = sign_in.hold(claim, step, now, mfa_at)
    request.session[KEY] = {"token": token, "version": claim.version, "next": to, "slot": slot_of(request)}
    return hx_redirect(request, reverse(PAGES[step]))


def enter(request: HttpRequest, claim: Claim, now: datetime, mfa_at: datetime | None, to: str) -> HttpResponse:
    """Sign in for good."""
    assert claim.account is not None
    to = safe_next(to)
    sessions.begin(request, claim.account, claim.user, mfa_at=mfa_at)
    sign_in.record_success(claim, sessions.origin_of(request), now, mfa_at, to)
    response = hx_redirect(request, to)
    cookies.keep(response, cookies.KIND, "root" if claim.as_root else "user")
    cookies.remember_device(request, response, claim)
    return response


def waiting(request: HttpRequest, step: Step, now: datetime) -> tuple[Pending | None, str]:
    """The sign-in of this session that waits for `step`, and where it goes afterwards."""
    state = request.session.get(KEY)
    if not isinstance(state, dict) or state.get("slot") != slot_of(request):
        return None, ""
    return sign_in.held(state["token"], step, state["version"], now), state["next"]


def start_again(request: HttpRequest) -> HttpResponse:
    """The step is not (or no longer) this session's to take; whoever began one is told."""
    if request.session.pop(KEY, None) is not None:
        flash(request, "warning", EXPIRED)
    return hx_redirect(request, reverse("signin"))
