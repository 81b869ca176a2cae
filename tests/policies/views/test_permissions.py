"""The Permissions tab, as the pages of users, groups and roles include it."""

from __future__ import annotations

from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from accounts.caller import Caller
from accounts.models import Account
from iamconsole.operations import door
from policies.views.permissions import PermissionsPanel, permissions_context
from tests.policies.views.documents import READ_REPORTS, make_policy
from tests.world import World, allow

READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"


def asked(caller: Caller, query: dict[str, str] | None = None, **headers: str) -> HttpRequest:
    """A request of a page that has the tab."""
    request = RequestFactory().get("/iam/users/dana/", query or {}, headers=headers)
    request.caller, request.htmx = caller, HtmxDetails(request)  # type: ignore[attr-defined]
    request.account, request.session = Account.objects.get(pk=caller.account_id), SessionStore()  # type: ignore[attr-defined]
    return request


def panel(request: HttpRequest, kind: str = "user", name: str = "dana") -> PermissionsPanel:
    return permissions_context(request, kind, name)["permissions"]  # type: ignore[arg-type]


def drawn(request: HttpRequest, kind: str = "user", name: str = "dana", template: str = "_permissions.html") -> str:
    context = {"permissions": panel(request, kind, name)}
    return render_to_string(f"policies/{template}", context, request)


def give_dana_everything(world: World) -> None:
    """A user with a policy of each kind: attached, inline, through a group."""
    door.perform(world.system, "iam:CreateUser", {"UserName": "dana"})
    policy = make_policy(world.system)
    door.perform(world.system, "iam:AttachUserPolicy", {"UserName": "dana", "PolicyArn": policy})
    door.perform(
        world.system, "iam:PutUserPolicy", {"UserName": "dana", "PolicyName": "own", "PolicyDocument": READ_REPORTS}
    )
    door.perform(world.system, "iam:CreateGroup", {"GroupName": "staff"})
    door.perform(world.system, "iam:AddUserToGroup", {"GroupName": "staff", "UserName": "dana"})
    door.perform(world.system, "iam:AttachGroupPolicy", {"GroupName": "staff", "PolicyArn": READ_ONLY})


def test_it_lists_direct_inline_and_inherited_policies(world: World) -> None:
    give_dana_everything(world)
    rows = {(row.name, row.type, row.via) for row in panel(asked(world.alice)).table.rows}
    assert rows == {
        ("ReadReports", "Customer managed", "Directly"),
        ("own", "Customer inline", "Inline"),
        ("ReadOnlyAccess", "AWS managed", "Group staff"),
    }
    html = drawn(asked(world.alice))
    assert "Group staff" in html
    assert "/iam/users/dana/attach-policies/" in html


def test_it_filters_by_type(world: World) -> None:
    give_dana_everything(world)
    html = drawn(asked(world.alice, {"type": "Customer inline"}))
    assert ">own<" in html
    assert "ReadReports" not in html


def test_a_row_opens_to_its_document(world: World) -> None:
    give_dana_everything(world)
    opened = asked(world.alice, {"expand": "inline::own"}, HX_Request="true")
    assert panel(opened).fragment == "policies/_permissions_row.html"
    html = drawn(opened, template="_permissions_row.html")
    assert html.startswith("<tr")
    assert "class-reports" in html


def test_a_row_that_is_not_listed_does_not_open(world: World) -> None:
    give_dana_everything(world)
    make_policy(world.system, "Other")
    html = drawn(asked(world.alice, {"expand": "managed::arn:aws:iam::111122223333:policy/Other"}))
    assert "class-reports" not in html


def test_the_table_alone_answers_htmx(world: World) -> None:
    give_dana_everything(world)
    request = asked(world.alice, None, HX_Request="true", HX_Target="permissions")
    assert panel(request).fragment == "policies/_permissions_table.html"
    assert panel(asked(world.alice)).fragment is None


def test_each_refused_read_has_its_own_box(world: World) -> None:
    give_dana_everything(world)
    panels = panel(asked(world.bob))
    assert [denied.action for denied in panels.denied] == [
        "iam:ListAttachedUserPolicies",
        "iam:ListUserPolicies",
        "iam:ListGroupsForUser",
    ]
    html = drawn(asked(world.bob))
    assert "iam:GetUser" in html
    assert html.count("Access denied</h") == len(panels.denied) + 1
    assert "No policies" not in html
    assert "Attach policies" in html


def test_what_may_be_read_is_shown_beside_the_refusals(world: World) -> None:
    give_dana_everything(world)
    allow(world.bob, "iam:ListUserPolicies")
    html = drawn(asked(world.bob))
    assert ">own<" in html
    assert "iam:ListAttachedUserPolicies" in html


def test_a_document_may_be_refused_for_itself(world: World) -> None:
    give_dana_everything(world)
    allow(world.bob, "iam:ListAttachedUserPolicies")
    row = "managed::arn:aws:iam::111122223333:policy/ReadReports"
    html = drawn(asked(world.bob, {"expand": row}), template="_permissions_row.html")
    assert "iam:GetPolicy" in html


def test_it_shows_the_boundary(world: World) -> None:
    door.perform(world.system, "iam:CreateUser", {"UserName": "dana"})
    assert "(not set)" in drawn(asked(world.alice))
    policy = make_policy(world.system)
    door.perform(world.system, "iam:PutUserPermissionsBoundary", {"UserName": "dana", "PermissionsBoundary": policy})
    html = drawn(asked(world.alice))
    assert "(set)" in html
    assert "Remove boundary" in html
    assert "class-reports" in html


def test_groups_have_policies_and_no_boundary(world: World) -> None:
    door.perform(world.system, "iam:CreateGroup", {"GroupName": "staff"})
    door.perform(world.system, "iam:AttachGroupPolicy", {"GroupName": "staff", "PolicyArn": READ_ONLY})
    html = drawn(asked(world.alice), "group", "staff")
    assert "ReadOnlyAccess" in html
    assert "Permissions boundary" not in html


def test_roles_have_policies_and_a_boundary(world: World) -> None:
    trust = (
        '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "111122223333"},'
        ' "Action": "sts:AssumeRole"}]}'
    )
    door.perform(world.system, "iam:CreateRole", {"RoleName": "deploy", "AssumeRolePolicyDocument": trust})
    door.perform(world.system, "iam:AttachRolePolicy", {"RoleName": "deploy", "PolicyArn": READ_ONLY})
    html = drawn(asked(world.alice), "role", "deploy")
    assert "ReadOnlyAccess" in html
    assert "Permissions boundary" in html
