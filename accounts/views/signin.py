"""Sign-in: as an IAM user, at an account's own address, or as root."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts import sessions, sign_in
from accounts.forms import RootEmail, RootSignIn, UserSignIn
from accounts.sign_in import Claim
from accounts.views import cookies
from accounts.views.steps import advance, safe_next
from iamconsole.operations.secrets import Secret
from iamconsole.ui.htmx import hx_redirect


def signin(request: HttpRequest) -> HttpResponse:
    """The way in for an IAM user; a browser that last signed in as root is led to root's page."""
    root_is_usual = cookies.remembered_kind(request) == "root" and "kind" not in request.GET
    if request.method == "GET" and root_is_usual:
        return hx_redirect(request, _with_next(request, "signin-root"))
    return _user_page(request, "")


def signin_account(request: HttpRequest, account: str) -> HttpResponse:
    """The sign-in address of one account: its id or alias is filled in and locked."""
    return _user_page(request, account)


def signin_root(request: HttpRequest) -> HttpResponse:
    """Root: the e-mail address, then the password."""
    if request.method != "POST":
        return _page(request, "accounts/signin_root.html", RootEmail())
    asked = RootEmail(request.POST)
    if "password" not in request.POST:
        form = RootSignIn(initial=asked.cleaned_data) if asked.is_valid() else asked
        return _page(request, "accounts/signin_root.html", form)
    form = RootSignIn(request.POST)
    if not form.is_valid():
        return _page(request, "accounts/signin_root.html", form)
    claim = sign_in.root_claim(form.cleaned_data["email"])
    response = _try(request, claim, form.cleaned_data["password"])
    return response or _page(request, "accounts/signin_root.html", form, failed=True)


def _user_page(request: HttpRequest, locked: str) -> HttpResponse:
    extra: dict[str, object] = {"locked": locked}
    if request.method != "POST":
        account = locked or cookies.remembered_account(request)
        form = UserSignIn(initial={"account": account, "remember": bool(account and not locked)})
        return _page(request, "accounts/signin.html", form, **extra)
    form = UserSignIn({**request.POST.dict(), "account": locked} if locked else request.POST)
    if not form.is_valid():
        return _page(request, "accounts/signin.html", form, **extra)
    values = form.cleaned_data
    response = _try(request, sign_in.user_claim(values["account"], values["user_name"]), values["password"])
    if response is None:
        return _page(request, "accounts/signin.html", form, failed=True, **extra)
    if not locked:
        _remember(response, values["account"] if values["remember"] else "")
    return response


def _try(request: HttpRequest, claim: Claim, password: Secret) -> HttpResponse | None:
    """The next step when the password is right; None when anything at all was wrong."""
    now = timezone.now()
    device = cookies.known_device(request, claim)
    if not sign_in.password_is_right(claim, password, sessions.origin_of(request), device, now):
        return None
    return advance(request, claim, now, None, safe_next(_next(request)))


def _page(request: HttpRequest, template: str, form: object, **extra: object) -> HttpResponse:
    urls = {
        "root_url": _with_next(request, "signin-root"),
        "user_url": _with_next(request, "signin", kind="user"),
    }
    return render(request, template, {"form": form, "next": _next(request), **urls, **extra})


def _next(request: HttpRequest) -> str:
    return request.POST.get("next", "") or request.GET.get("next", "")


def _with_next(request: HttpRequest, name: str, **query: str) -> str:
    """Another sign-in page that leads to the same place afterwards."""
    query |= {"next": _next(request)} if _next(request) else {}
    return reverse(name, query=query or None)


def _remember(response: HttpResponse, account: str) -> None:
    if account:
        cookies.keep(response, cookies.ACCOUNT, account)
    else:
        cookies.forget(response, cookies.ACCOUNT)
