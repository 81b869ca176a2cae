"""A new console password on its way to the one page that shows it: sealed in the session, taken out once."""

from __future__ import annotations

import base64
import csv
import io
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.http import ConsoleRequest, signed_in
from accounts.slots import shareable
from iamconsole.operations.secrets import Secret
from iamconsole.sealing import SealBroken, seal, unseal
from iamconsole.ui.htmx import render_page
from identities.views.users import users_crumbs

KEY = "new_console_password"


@dataclass(frozen=True)
class NewPassword:
    """A user's new console password and what it is handed on with."""

    user_name: str
    signin_url: str
    password: str = field(repr=False)

    @property
    def file_name(self) -> str:
        return f"{self.user_name}_credentials.csv"

    @property
    def csv_url(self) -> str:
        """The file as a data address: downloaded without the password being asked for, or kept, a second time."""
        text, row = io.StringIO(), (self.user_name, self.password, self.signin_url)
        csv.writer(text).writerows([("User name", "Password", "Console sign-in URL"), row])
        return f"data:text/csv;base64,{base64.b64encode(text.getvalue().encode()).decode()}"

    @property
    def mail_url(self) -> str:
        """A draft with the address and the name; the password goes another way."""
        body = (
            f"You have been given access to the console.\n\nSign-in URL: {self.signin_url}\n"
            f"User name: {self.user_name}\n\nYou will receive your password separately."
        )
        return "mailto:?" + urlencode({"subject": "Console sign-in instructions", "body": body}, quote_via=quote)


def signin_url(request: ConsoleRequest) -> str:
    """Where users of this account sign in."""
    account = request.account.alias or request.account.pk
    return shareable(request, "signin-account", account)


def keep(request: ConsoleRequest, name: str, password: Secret) -> None:
    """Keep it for the next page."""
    request.session[KEY] = {"name": name, "sealed": seal(password, _place(request, name))}


def take(request: ConsoleRequest, name: str) -> NewPassword | None:
    """The password set just now; None the second time."""
    kept = request.session.get(KEY)
    if not isinstance(kept, dict) or kept["name"] != name:
        return None
    del request.session[KEY]
    try:
        password = unseal(kept["sealed"], _place(request, name)).reveal()
    except SealBroken:
        return None
    return NewPassword(name, signin_url(request), password)


def _place(request: ConsoleRequest, name: str) -> str:
    return f"new_console_password|{name}|{request.caller.account_id}"


@require_safe
@never_cache
@signed_in
def user_password(request: ConsoleRequest, name: str) -> HttpResponse:
    """The password after console access was enabled or the password reset; this once."""
    back = reverse("user-credentials", args=[name])
    context = {
        "page_title": "Retrieve password",
        "password": take(request, name),
        "done_url": back,
        "breadcrumbs": users_crumbs((name, back), ("Retrieve password", None)),
    }
    return render_page(request, "identities/user_password.html", context)
