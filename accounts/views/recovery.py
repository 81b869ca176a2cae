"""Root forgot the password: ask for a link, and choose a new password by it."""

from __future__ import annotations

from functools import partial
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts import recovery, sessions
from accounts.forms_root import ForgottenPassword, RecoveredPassword
from iamconsole.operations.errors import ApiError
from iamconsole.ui.htmx import redirect_with_flash
from identities.password_checklist import root_checks

DONE = "Your password was changed. Sign in with the new one."
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@require_http_methods(["GET", "POST"])
def forgot(request: HttpRequest) -> HttpResponse:
    """The e-mail address; the answer is the same whether or not a root user has it."""
    form = ForgottenPassword(request.POST if request.method == "POST" else None)
    context: dict[str, object] = {"form": form, "demo": settings.DEMO}
    if form.is_valid():
        email = str(form.cleaned_data["email"])
        recovery.ask(email, sessions.origin_of(request), partial(_link, base_url(request)), timezone.now())
        return render(request, "accounts/forgot_password_sent.html", {**context, "email": email})
    return render(request, "accounts/forgot_password.html", context)


@require_http_methods(["GET", "POST"])
def reset(request: HttpRequest, token: str) -> HttpResponse:
    """The new password, by the link of a mail. The second factor, where there is one, is still asked for at sign-in."""
    now = timezone.now()
    link = recovery.opened(token, now)
    if link is None or link.account is None:
        return render(request, "accounts/reset_password.html", {})
    form = RecoveredPassword(root_checks(link.account), request.POST if request.method == "POST" else None)
    context: dict[str, object] = {"form": form, "account": link.account}
    if form.is_valid():
        try:
            done = recovery.complete(link, form.cleaned_data["new"], sessions.origin_of(request), now)
        except ApiError as error:
            return render(request, "accounts/reset_password.html", {**context, "error": error.message})
        if not done:
            return render(request, "accounts/reset_password.html", {})
        request.session.flush()
        return redirect_with_flash(request, reverse("signin-root"), "success", DONE)
    return render(request, "accounts/reset_password.html", context)


def _link(base: str, token: str) -> str:
    return base + reverse("signin-root-reset", args=[token])


def base_url(request: HttpRequest) -> str:
    """Where the console is reached, for addresses that leave it: as configured, not as a Host header claims."""
    here = f"{request.scheme}://{request.get_host()}"
    origins = [origin for origin in settings.CSRF_TRUSTED_ORIGINS if "*" not in origin]
    if here in origins or urlsplit(here).hostname in LOOPBACK or not origins:
        return here
    return str(origins[0])
