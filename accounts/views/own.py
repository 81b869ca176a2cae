"""Whose credentials a page is about: somebody's own, or those of the user named in its address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.http import HttpResponse
from django.urls import reverse

from accounts import sessions
from accounts.caller import Caller, CallerKind
from accounts.http import ConsoleRequest
from accounts.models import Account
from iamconsole.ui.htmx import redirect_with_flash
from iamconsole.ui.nav import url_or_none
from identities.models import User

TITLE = "My security credentials"
Crumbs = list[tuple[str, str | None]]


@dataclass(frozen=True)
class Owner:
    """The caller's own credentials when `named` is empty, else those of the user `named`."""

    caller: Caller
    named: str = ""

    @property
    def optional(self) -> dict[str, object]:
        """`UserName` for operations that mean the caller's own without it."""
        return {"UserName": self.named} if self.named else {}

    @property
    def required(self) -> dict[str, object]:
        """`UserName` for operations that always want it; root is called by the account's id."""
        return {"UserName": self.named or (self.caller.account_id if self.caller.is_root else self.caller.name)}

    @property
    def shown(self) -> str:
        return self.named or ("root user" if self.caller.is_root else self.caller.name)

    @property
    def is_caller(self) -> bool:
        same = self.caller.kind is CallerKind.USER and self.named.lower() == self.caller.name.lower()
        return same or (not self.named and self.caller.kind is not CallerKind.ROLE_SESSION)

    def url(self, name: str, *args: str) -> str:
        """A page about these credentials."""
        return reverse(f"user-{name}", args=[self.named, *args]) if self.named else reverse(name, args=args)

    @property
    def back(self) -> str:
        """The page these credentials are listed on."""
        if not self.named:
            return reverse("security-credentials")
        page = url_or_none("user-credentials", self.named) or url_or_none("user", self.named)
        return page or reverse("security-credentials")

    def crumbs(self, title: str) -> Crumbs:
        if not self.named:
            return crumbs(title)
        users: Crumbs = [("IAM", url_or_none("dashboard")), ("Users", url_or_none("users"))]
        return [*users, (self.named, self.back), (title, None)]


def crumbs(title: str = "") -> Crumbs:
    """The way to a page below My security credentials, or to that page itself."""
    above: Crumbs = [("IAM", url_or_none("dashboard"))]
    return [*above, (TITLE, reverse("security-credentials")), (title, None)] if title else [*above, (TITLE, None)]


def stay_signed_in(request: ConsoleRequest, owner: Owner) -> None:
    """A change of one's own credentials ends every session but this one."""
    if owner.is_caller:
        keep(request)


def keep(request: ConsoleRequest) -> None:
    """Let this session outlive the change of credentials it made, and no second one that came in between."""
    row = request.signed_in.row
    assert row is not None
    sessions.keep(request, min(_version(request.caller), row.version + 1))


def _version(caller: Caller) -> int:
    """The caller's credential version as it is now."""
    if caller.is_root:
        return Account.objects.get(pk=caller.account_id).root_credential_version
    version: int = User.objects.of(caller.account_id).get(pk=caller.principal_id).credential_version
    return version


def of_a_person(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page about one's own credentials. A role has none: it is told, instead of being asked for them."""

    @wraps(view)
    def guarded(request: ConsoleRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.caller.kind is not CallerKind.ROLE_SESSION:
            return view(request, *args, **kwargs)
        text = "A role has no credentials of its own. Switch back to change those of your user."
        return redirect_with_flash(request, reverse("security-credentials"), "warning", text)

    return guarded
