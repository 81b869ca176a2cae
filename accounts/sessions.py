"""A console session: what sign-in leaves in it, and who that is on each request.

The credential version is compared on every request, so that a changed password, a removed device or a deleted user ends
the session at once, in every process.
"""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone

from accounts.caller import Caller, Origin, anonymous_caller, root_caller, user_caller
from accounts.models import Account
from identities.models import User

LIFETIME_SECONDS = 12 * 3600
KEY = "signed_in"


def begin(request: HttpRequest, account: Account, user: User | None, *, mfa_at: datetime | None) -> None:
    """Sign in as `user`, or as root when None, under a new session key; `mfa_at` is when MFA was passed, if it was."""
    request.session.cycle_key()
    version = user.credential_version if user else account.root_credential_version
    request.session[KEY] = {
        "account": account.pk,
        "user": user.pk if user else "",
        "mfa_time": mfa_at.timestamp() if mfa_at else None,
        "since": timezone.now().timestamp(),
        "version": version,
    }


def passed_mfa(request: HttpRequest, at: datetime) -> None:
    """The signed-in user enrolled a device just now: this session counts as signed in with it."""
    request.session[KEY] = {**request.session[KEY], "mfa_time": at.timestamp()}


def keep(request: HttpRequest, version: int) -> None:
    """Let this one session live on after its own credentials changed."""
    request.session.cycle_key()
    request.session[KEY] = {**request.session[KEY], "version": version}


def who(request: HttpRequest) -> tuple[Caller, Account | None]:
    """The caller of a page, anonymous when nobody (any longer) is signed in, and the account."""
    origin = origin_of(request)
    state = request.session.get(KEY)
    if not isinstance(state, dict) or timezone.now().timestamp() - state["since"] > LIFETIME_SECONDS:
        return anonymous_caller(origin), None
    return _user(state, origin) if state["user"] else _root(state, origin)


def _root(state: dict[str, object], origin: Origin) -> tuple[Caller, Account | None]:
    account = Account.objects.filter(pk=state["account"]).first()
    if account is None or account.root_credential_version != state["version"]:
        return anonymous_caller(origin), None
    return root_caller(account.pk, mfa=state["mfa_time"] is not None, mfa_time=_time(state), origin=origin), account


def _user(state: dict[str, object], origin: Origin) -> tuple[Caller, Account | None]:
    user = User.objects.of(str(state["account"])).select_related("account").filter(pk=state["user"]).first()
    if user is None or user.credential_version != state["version"]:
        return anonymous_caller(origin), None
    caller = user_caller(
        user.account_id,
        user.pk,
        user.arn,
        user.name,
        mfa=state["mfa_time"] is not None,
        mfa_time=_time(state),
        origin=origin,
    )
    return caller, user.account


def _time(state: dict[str, object]) -> float | None:
    value = state["mfa_time"]
    return float(value) if isinstance(value, int | float) else None


def origin_of(request: HttpRequest) -> Origin:
    """Where a request came from. Proxy headers count only when TRUSTED_PROXIES is set (see settings)."""
    return Origin(
        source_ip=request.META.get("REMOTE_ADDR", "") or "127.0.0.1",
        user_agent=request.META.get("HTTP_USER_AGENT", "")[:512],
        secure_transport=request.is_secure(),
        via="console",
    )
