"""The tags of a customer managed policy."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.http import ConsoleRequest, signed_in
from policies.crumbs import policy_crumbs
from policies.views.tagging import Tagged, edit_tags


@require_http_methods(["GET", "POST"])
@signed_in
def policy_tags_edit(request: ConsoleRequest, arn: str) -> HttpResponse:
    tagged = Tagged(
        kind="Policy",
        member={"PolicyArn": arn},
        nouns="policies",
        back_url=reverse("policy-tab", args=["tags", arn]),
        crumbs=policy_crumbs(arn),
        saved="Tags updated.",
    )
    return edit_tags(request, tagged)
