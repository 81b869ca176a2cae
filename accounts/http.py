"""Requests as pages see them, and who may see a page at all."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from accounts.caller import Caller
    from accounts.models import Account
    from accounts.sessions import SignedIn

P = ParamSpec("P")


class ConsoleRequest(HttpRequest):
    """A request of somebody who is signed in."""

    caller: Caller
    account: Account
    signed_in: SignedIn
    htmx: HtmxDetails
    request_id: str


View = Callable[Concatenate[ConsoleRequest, P], HttpResponse]


def signed_in(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Only for callers who are signed in; others go to sign-in and come back. What they may do is the policies' say."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.caller.signed_in:  # type: ignore[attr-defined]
            return _to_sign_in(request)
        return view(request, *args, **kwargs)  # type: ignore[arg-type]

    return guarded


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    if details := request.htmx:  # type: ignore[attr-defined]
        # A fragment must not become a sign-in form inside a table: the whole page goes there, and comes back.
        return HttpResponseClientRedirect(_sign_in(details.current_url_abs_path))
    wanted = request.get_full_path() if request.method == "GET" and request.path_info != "/" else None
    return HttpResponseRedirect(_sign_in(wanted))


def _sign_in(then: str | None) -> str:
    return reverse("signin") + (f"?{urlencode({'next': then})}" if then else "")
