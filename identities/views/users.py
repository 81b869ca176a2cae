"""The list of users."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.http import ConsoleRequest, signed_in
from iamconsole.operations import door
from iamconsole.operations.errors import AccessDenied
from iamconsole.operations.registry import Target
from iamconsole.ui.htmx import render_page
from identities.tables_users import USERS
from identities.user_rows import user_rows
from policies.crumbs import Crumbs, iam_crumb


def users_crumbs(*more: tuple[str, str | None]) -> Crumbs:
    """The way to the list of users, and on."""
    return [iam_crumb(), ("Users", reverse("users")), *more]


@require_safe
@signed_in
def users(request: ConsoleRequest) -> HttpResponse:
    """Everybody in the account, for whoever may list them; what may be known of each is decided row by row."""
    context: dict[str, object] = {"page_title": "Users", "breadcrumbs": users_crumbs(), "info": "users"}
    try:
        door.authorize(request.caller, "iam:ListUsers", Target(f"arn:aws:iam::{request.caller.account_id}:user/"))
    except AccessDenied as denied:
        return render_page(request, "identities/users.html", context | {"denied": denied}, status=403)
    create = ("Create user", reverse("user-create"))
    table = USERS.bind(request, user_rows(request.caller), create=create)
    return render_page(request, "identities/users.html", context | {"table": table}, fragment="ui/_table.html")
