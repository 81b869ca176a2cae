"""Changing the tags of a user."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.http import ConsoleRequest, signed_in
from identities.views.users import users_crumbs
from policies.views.tagging import Tagged, edit_tags


@require_http_methods(["GET", "POST"])
@signed_in
def user_tags_edit(request: ConsoleRequest, name: str) -> HttpResponse:
    tagged = Tagged(
        kind="User",
        member={"UserName": name},
        nouns="users",
        back_url=reverse("user-tags", args=[name]),
        crumbs=users_crumbs((name, reverse("user", args=[name]))),
        saved=f"Tags of user {name} updated.",
    )
    return edit_tags(request, tagged)
