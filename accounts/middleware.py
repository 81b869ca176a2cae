"""Who is asking, on every request; and one look at the account's revision, one write of the page's read events."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from accounts import sessions
from iamconsole.events.record import reads_together
from policies.gather import one_look


def signed_in_caller(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Set `request.caller` (never None) and `request.account`."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.caller, request.account = sessions.who(request)  # type: ignore[attr-defined]
        with one_look(), reads_together():
            return get_response(request)

    return middleware
