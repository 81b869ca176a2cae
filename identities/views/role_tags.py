"""Changing the tags of a role."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.http import ConsoleRequest, signed_in
from identities.views.roles import role_crumbs
from policies.views.tagging import Tagged, edit_tags


@require_http_methods(["GET", "POST"])
@signed_in
def role_tags_edit(request: ConsoleRequest, name: str) -> HttpResponse:
    tagged = Tagged(
        kind="Role",
        member={"RoleName": name},
        nouns="roles",
        back_url=reverse("role-tags", args=[name]),
        crumbs=role_crumbs(name),
        saved=f"Tags of role {name} updated.",
    )
    return edit_tags(request, tagged)
