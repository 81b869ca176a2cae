"""The front door and the way out."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts import sessions
from accounts.http import ConsoleRequest, signed_in
from iamconsole.ui.htmx import hx_redirect
from iamconsole.ui.nav import url_or_none


@signed_in
def home(request: ConsoleRequest) -> HttpResponse:
    """The bare address: the dashboard, or sign-in first."""
    return hx_redirect(request, url_or_none("dashboard") or reverse("security-credentials"))


@require_POST
def signout(request: HttpRequest) -> HttpResponse:
    """End this session; its key is worth nothing from here on."""
    sessions.leave(request)
    return hx_redirect(request, reverse("signed-out"))


def signed_out(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/signed_out.html")
