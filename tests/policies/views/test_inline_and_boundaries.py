"""Inline policies and permissions boundaries of one user or role."""

from __future__ import annotations

from django.test import Client

from iamconsole.operations import door
from tests.policies.views.documents import LIST_REPORTS, READ_REPORTS, inline, make_policy
from tests.world import World

FIRST, SECOND = (f"/iam/users/bob/inline-policies/create/draft/{number}/" for number in (1, 2))
EDIT, SAVE = (f"/iam/users/bob/inline-policies/own/edit/draft/{number}/" for number in (1, 2))
BOUNDARY = "/iam/users/bob/boundary/"


def put_inline(world: World) -> None:
    given = {"UserName": "bob", "PolicyName": "own", "PolicyDocument": READ_REPORTS}
    door.perform(world.system, "iam:PutUserPolicy", given)


def document(world: World) -> object:
    return door.perform(world.system, "iam:GetUserPolicy", {"UserName": "bob", "PolicyName": "own"})["PolicyDocument"]


def boundary(world: World) -> object:
    user = door.perform(world.system, "iam:GetUser", {"UserName": "bob"})["User"]
    assert isinstance(user, dict)
    return user.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn")


def test_it_creates_an_inline_policy(alice: Client, world: World) -> None:
    assert alice.post(FIRST, {"document": READ_REPORTS, "wizard": "next"}).headers["Location"] == SECOND
    assert alice.post(SECOND, {"name": "own", "wizard": "next"}).status_code == 303
    assert inline(world.system, "bob") == ["own"]


def test_it_does_not_overwrite_one_of_that_name(alice: Client, world: World) -> None:
    put_inline(world)
    alice.post(FIRST, {"document": LIST_REPORTS, "wizard": "next"})
    response = alice.post(SECOND, {"name": "own", "wizard": "next"})
    assert response.status_code == 422
    assert "already exists" in response.content.decode()
    assert document(world) == READ_REPORTS


def test_it_edits_an_inline_policy(alice: Client, world: World) -> None:
    put_inline(world)
    assert "s3:GetObject" in alice.get("/iam/users/bob/inline-policies/own/edit/", follow=True).content.decode()
    alice.post(EDIT, {"document": LIST_REPORTS, "wizard": "next"})
    assert alice.post(SAVE, {"wizard": "next"}).status_code == 303
    assert document(world) == LIST_REPORTS


def test_an_edit_that_was_overtaken_shows_both_texts(alice: Client, world: World) -> None:
    put_inline(world)
    response = alice.post(EDIT, {"document": LIST_REPORTS, "wizard": "next", "version": "read-long-ago"})
    assert response.status_code == 422
    page = response.content.decode()
    assert "s3:ListBucket" in page
    assert "s3:GetObject" in page
    assert document(world) == READ_REPORTS


def test_it_deletes_an_inline_policy_after_asking(alice: Client, world: World) -> None:
    put_inline(world)
    url = "/iam/users/bob/inline-policies/own/delete/"
    assert "permanently" in alice.get(url).content.decode()
    assert inline(world.system, "bob") == ["own"]
    assert alice.post(url).status_code == 303
    assert inline(world.system, "bob") == []


def test_inline_policies_need_their_permission(bob: Client, world: World) -> None:
    put_inline(world)
    assert bob.get(EDIT).status_code == 403
    refused = bob.post("/iam/users/bob/inline-policies/own/delete/")
    assert refused.status_code == 422
    assert "iam:DeleteUserPolicy" in refused.content.decode()


def test_another_accounts_user_has_no_inline_pages(alice: Client) -> None:
    assert alice.get("/iam/users/charlie/inline-policies/create/draft/1/").status_code == 404
    assert alice.get("/iam/users/charlie/inline-policies/x/edit/draft/1/").status_code == 404


def test_it_sets_changes_and_removes_a_boundary(alice: Client, world: World) -> None:
    first, second = make_policy(world.system), make_policy(world.system, "ListReports", LIST_REPORTS)
    assert "Set permissions boundary" in alice.get(BOUNDARY).content.decode()
    alice.post(BOUNDARY, {"policy": first})
    assert boundary(world) == first
    assert "Selected: ReadReports" in alice.get(BOUNDARY).content.decode()
    alice.post(BOUNDARY, {"policy": [first, second]})
    assert boundary(world) == second
    assert "may widen access" in alice.get(f"{BOUNDARY}remove/").content.decode()
    alice.post(f"{BOUNDARY}remove/")
    assert boundary(world) is None


def test_a_boundary_must_be_chosen(alice: Client) -> None:
    assert alice.post(BOUNDARY, {"policy_picker": "1"}).status_code == 422


def test_a_boundary_that_is_no_policy_keeps_the_page(alice: Client) -> None:
    response = alice.post(BOUNDARY, {"policy": "arn:aws:iam::111122223333:policy/Missing"})
    assert response.status_code == 422
    assert "does not exist or is not attachable." in response.content.decode()


def test_boundaries_need_their_permission(bob: Client, world: World) -> None:
    policy = make_policy(world.system)
    assert "iam:PutUserPermissionsBoundary" in bob.post(BOUNDARY, {"policy": policy}).content.decode()
    assert "iam:DeleteUserPermissionsBoundary" in bob.post(f"{BOUNDARY}remove/").content.decode()


def test_groups_have_no_boundary(alice: Client) -> None:
    assert alice.get("/iam/groups/staff/boundary/").status_code == 404
