"""Who is asking, on every request; and one look at the account's revision, one write of the page's read events."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from accounts import sessions, switching
from accounts.sessions import SignedIn
from iamconsole.events.record import reads_together
from iamconsole.ui.htmx import redirect_with_flash
from policies.gather import know_revision, one_look

# Asking how long the session lasts is no sign of life.
STATUS = "/session/"


def signed_in_caller(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Set `request.caller` (never None), `request.account` and `request.signed_in` (also who it is behind a role)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        found = sessions.who(request)
        request.caller, request.account, request.signed_in = found.caller, found.account, found  # type: ignore[attr-defined]
        if found.role_over:
            return _back(request, found)
        if found.row is not None and not (request.path_info == STATUS and request.method == "GET"):
            sessions.seen(found.row)
        with one_look(), reads_together():
            if found.account is not None:
                know_revision(found.account.pk, found.account.revision)
            return get_response(request)

    return middleware


def _back(request: HttpRequest, found: SignedIn) -> HttpResponse:
    """What was meant for the role must not be done by the user: it is not done, and the user is told."""
    switching.drop(request, found)
    name = found.person.name
    text = f"Your session as {found.role_over} has ended. You are {name} again."
    return redirect_with_flash(request, reverse("home"), "warning", text)
