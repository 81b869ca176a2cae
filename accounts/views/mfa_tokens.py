"""Hardware TOTP tokens of the account: registered by whoever hands them out, line by line, and forgotten again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import cast

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.forms_mfa import TokenLines
from accounts.http import ConsoleRequest, signed_in
from accounts.views.password import shown
from iamconsole.operations.door import ask, perform
from iamconsole.operations.errors import AccessDenied, ApiError
from iamconsole.operations.secrets import Secret
from iamconsole.ui.dialogs import Confirm, confirm_page
from iamconsole.ui.htmx import redirect_with_flash
from iamconsole.ui.nav import url_or_none

TITLE = "Hardware TOTP tokens"
MOST = 500
NOT_TWO = "Write a serial number and a seed, with a comma or a space between them."


@dataclass(frozen=True)
class Problem:
    """A line that could not be registered; it stays in the form under its new number."""

    number: int
    line: str
    text: str


@signed_in
def tokens(request: ConsoleRequest) -> HttpResponse:
    """The account's tokens, and a form for more."""
    form = TokenLines(request.POST if request.method == "POST" else None)
    context: dict[str, object] = {}
    status = 200
    if form.is_valid():
        lines = [line.strip() for line in form.cleaned_data["tokens"].splitlines() if line.strip()]
        try:
            done, problems = _register(request, lines)
        except ApiError as error:
            context |= shown(error)
        else:
            if not problems:
                return redirect_with_flash(request, reverse("mfa-tokens"), "success", _counted(done))
            form = TokenLines(initial={"tokens": "\n".join(problem.line for problem in problems)})
            context |= {"done": _counted(done) if done else "", "problems": problems}
        status = 422
    listed = ask(request.caller, "iamconsole:ListMFATokens")
    rows = cast("list[dict[str, object]]", listed.result.get("Tokens", []))
    context |= {"page_title": TITLE, "breadcrumbs": _crumbs(TITLE), "form": form, "listed": listed, "rows": rows}
    return render(request, "accounts/mfa_tokens.html", context | {"counter": f"({len(rows)})"}, status=status)


@signed_in
def delete(request: ConsoleRequest, serial: str) -> HttpResponse:
    """Forget a token that is assigned to nobody."""
    dialog = Confirm(
        title="Remove hardware token?",
        text=f"{serial} can no longer be assigned. To bring it back, register it again with its seed.",
        button="Remove",
        cancel_url=reverse("mfa-tokens"),
        breadcrumbs=tuple(_crumbs(TITLE, reverse("mfa-tokens"))),
    )
    if not dialog.confirmed(request):
        return confirm_page(request, dialog)
    try:
        perform(request.caller, "iamconsole:DeleteMFAToken", {"SerialNumber": serial})
    except ApiError as error:
        return confirm_page(request, dialog, error)
    return redirect_with_flash(request, reverse("mfa-tokens"), "success", f"Token {serial} removed.")


def _register(request: ConsoleRequest, lines: list[str]) -> tuple[int, list[Problem]]:
    """Register line by line; how many were, and what is left. Who may not at all is told once: AccessDenied."""
    problems: list[Problem] = []
    for number, line in enumerate(lines):
        try:
            if number >= MOST:
                raise ValueError(f"Register up to {MOST} tokens at a time.")
            serial, seed = _parts(line)
            perform(request.caller, "iamconsole:RegisterMFAToken", {"SerialNumber": serial, "Seed": Secret(seed)})
        except AccessDenied:
            raise
        except (ApiError, ValueError) as error:
            problems.append(Problem(len(problems) + 1, line, str(error)))
    return len(lines) - len(problems), problems


def _parts(line: str) -> tuple[str, str]:
    found = re.split(r"[,;\s]+", line.replace('"', "").strip(" ,;"), maxsplit=1)
    if len(found) != 2:
        raise ValueError(NOT_TWO)
    return found[0], found[1]


def _counted(done: int) -> str:
    return f"{done} token{'s' if done != 1 else ''} registered."


def _crumbs(title: str, url: str | None = None) -> list[tuple[str, str | None]]:
    above = [("IAM", url_or_none("dashboard")), ("Account settings", url_or_none("account-settings"))]
    return [*above, (title, url)]
