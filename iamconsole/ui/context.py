"""The context processor behind the frame: who is signed in, where we are, and how this browser wants to see it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from accounts.caller import Caller, CallerKind
from iamconsole import cookies
from iamconsole.ui.nav import ShownLink, sections, url_or_none

MODES = ("light", "dark", "system")


@dataclass(frozen=True)
class Frame:
    """Everything base.html and frame.html need to know."""

    mode: str
    density: str
    nav: str
    sections: list[tuple[str, list[ShownLink]]]
    urls: dict[str, str]
    signed_in: bool
    who: str
    account_id: str
    account_name: str
    is_role: bool


def frame(request: HttpRequest) -> dict[str, Frame]:
    """`frame` in every template; a page asked for before sign-in gets one without a caller."""
    caller: Caller | None = getattr(request, "caller", None)
    signed_in = caller is not None and caller.kind not in (CallerKind.ANONYMOUS, CallerKind.SYSTEM)
    account = getattr(request, "account", None)
    alias = str(getattr(account, "alias", "") or "")
    account_id = dashed(caller.account_id) if caller and signed_in else ""
    return {
        "frame": Frame(
            mode=_choice(request, "mode", MODES, "system"),
            density=_choice(request, "density", ("comfortable", "compact"), "comfortable"),
            nav=_choice(request, "nav", ("open", "closed"), "open"),
            sections=sections(_url_name(request)),
            urls=_urls(),
            signed_in=signed_in,
            who=who(caller, alias or account_id, str(getattr(account, "name", "") or ""))
            if caller and signed_in
            else "",
            account_id=account_id,
            account_name=str(getattr(account, "name", "") or ""),
            is_role=caller is not None and caller.kind is CallerKind.ROLE_SESSION,
        )
    }


def dashed(account_id: str) -> str:
    """The account id as the console writes it: 1111-2222-3333."""
    return "-".join((account_id[:4], account_id[4:8], account_id[8:])) if len(account_id) == 12 else account_id


def who(caller: Caller, account: str, account_name: str) -> str:
    """The text of the account button: "alice @ class-lab", or the account itself for its root user."""
    if caller.is_root:
        return account_name or account
    return f"{caller.name} @ {account}"


def _choice(request: HttpRequest, cookie: str, allowed: tuple[str, ...], default: str) -> str:
    value = cookies.read(request, cookie)
    return value if value in allowed else default


def _url_name(request: HttpRequest) -> str:
    match = request.resolver_match
    return (match.url_name or "") if match else ""


def _urls() -> dict[str, str]:
    names = (
        "dashboard",
        "signin",
        "signout",
        "security-credentials",
        "account-settings",
        "switch-role",
        "switch-back",
        "multi-session",
        "help",
        "ui-state",
    )
    return {name.replace("-", "_"): url for name in names if (url := url_or_none(name))}
