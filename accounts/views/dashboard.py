"""The dashboard: advice, numbers, the account, and what happened lately. Every panel stands by its own permission."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import ConsoleRequest, signed_in
from accounts.recommendations import advice
from accounts.slots import shareable
from iamconsole.events.models import Event
from iamconsole.events.queries import recent_changes, recent_denials
from iamconsole.operations import door
from iamconsole.operations.door import Answer
from iamconsole.operations.errors import AccessDenied
from iamconsole.ui.htmx import render_page
from iamconsole.ui.nav import url_or_none

NUMBERS = (
    ("User groups", "Groups", "groups"),
    ("Users", "Users", "users"),
    ("Roles", "Roles", "roles"),
    ("Policies", "Policies", "policies"),
    ("Identity providers", "Providers", "identity-providers"),
)
SHOWN = 5


@require_safe
@signed_in
def dashboard(request: ConsoleRequest) -> HttpResponse:
    summary = door.ask(request.caller, "iam:GetAccountSummary")
    aliases = door.ask(request.caller, "iam:ListAccountAliases")
    given = advice(request.caller, summary, timezone.now())
    denials, changes, events_denied = _lately(request)
    context = {
        "page_title": "IAM Dashboard",
        "breadcrumbs": [("IAM", reverse("dashboard")), ("Dashboard", None)],
        "summary": summary,
        "numbers": _numbers(summary),
        "advice": given,
        "aliases": aliases,
        "alias": _alias(aliases),
        "signin_url": shareable(request, "signin-account", _alias(aliases) or request.account.pk),
        "denials": denials,
        "changes": changes,
        "events_denied": events_denied,
        "simulator_url": url_or_none("simulator"),
    }
    return render_page(request, "accounts/dashboard.html", context)


def _numbers(summary: Answer) -> list[tuple[str, int, str | None]]:
    """(Label, number, page) of the resources."""
    numbers = summary.result.get("SummaryMap", {})
    assert isinstance(numbers, Mapping)
    return [(label, numbers[key], url_or_none(page)) for label, key, page in NUMBERS if numbers]


def _alias(aliases: Answer) -> str:
    found = aliases.result.get("AccountAliases") or [""]
    assert isinstance(found, list)
    return str(found[0])


def _lately(request: ConsoleRequest) -> tuple[list[Event], list[Event], AccessDenied | None]:
    """The last refusals and changes of the account, or why they may not be seen."""
    try:
        door.authorize(request.caller, "cloudtrail:LookupEvents")
    except AccessDenied as denied:
        return [], [], denied
    account_id = request.caller.account_id
    return recent_denials(account_id, SHOWN), recent_changes(account_id, SHOWN), None
