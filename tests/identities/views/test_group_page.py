"""The page of one group, its name, its users, and creating groups."""

from __future__ import annotations

from django.test import Client

from tests.identities.steps import do
from tests.policies.views.documents import arn, make_policy
from tests.world import ADMINISTRATOR_ACCESS, World, allow

PAGE = "/iam/groups/Developers/"
CREATE = "/iam/create-group/"
ADD, REMOVE = f"{PAGE}users/add/", f"{PAGE}users/remove/"


def make_group(world: World, *users: str) -> None:
    do(world.system, "CreateGroup", GroupName="Developers")
    for user in users:
        do(world.system, "AddUserToGroup", GroupName="Developers", UserName=user)


def members(world: World, name: str = "Developers") -> list[str]:
    return [user["UserName"] for user in do(world.system, "GetGroup", GroupName=name)["Users"]]


def policies(world: World, name: str = "Developers") -> list[str]:
    found = do(world.system, "ListAttachedGroupPolicies", GroupName=name)["AttachedPolicies"]
    return [policy["PolicyName"] for policy in found]


def test_it_shows_the_summary_and_the_users(alice: Client, world: World) -> None:
    make_group(world, "bob")
    page = alice.get(PAGE).content.decode()
    assert "arn:aws:iam::111122223333:group/Developers" in page
    assert "Users (1)" in page
    assert 'href="/iam/users/bob/"' in page
    assert 'href="/iam/users/alice/"' not in page


def test_it_finds_the_group_in_whatever_case(alice: Client, world: World) -> None:
    make_group(world)
    assert '<h1 class="header-title">Developers' in alice.get("/iam/groups/DEVELOPERS/").content.decode()


def test_the_users_table_answers_htmx_alone(alice: Client, world: World) -> None:
    make_group(world, "bob")
    page = alice.get(PAGE, {"q": "bo"}, headers={"hx-request": "true", "hx-target": "group-users"}).content.decode()
    assert "bob" in page
    assert "<html" not in page


def test_the_permissions_tab_shows_its_policies(alice: Client, world: World) -> None:
    make_group(world)
    do(world.system, "AttachGroupPolicy", GroupName="Developers", PolicyArn=make_policy(world.system))
    page = alice.get(f"{PAGE}permissions/").content.decode()
    assert "ReadReports" in page
    assert "Permissions boundary" not in page


def test_every_panel_says_why_it_stays_empty(bob: Client, world: World) -> None:
    make_group(world, "bob")
    page = bob.get(PAGE)
    assert page.status_code == 200
    assert page.content.decode().count("iam:GetGroup</code>") == 2
    page = bob.get(f"{PAGE}permissions/").content.decode()
    assert "iam:GetGroup</code>" in page
    assert "iam:ListAttachedGroupPolicies</code>" in page


def test_it_renames_the_group_and_keeps_what_is_in_it(alice: Client, world: World) -> None:
    make_group(world, "bob")
    response = alice.post(f"{PAGE}edit/", {"name": "Builders"})
    assert response.status_code == 303
    assert response.headers["Location"] == "/iam/groups/Builders/"
    assert members(world, "Builders") == ["bob"]


def test_a_name_that_is_taken_or_wrong_is_said_at_the_field(alice: Client, world: World) -> None:
    make_group(world)
    do(world.system, "CreateGroup", GroupName="Testers")
    for name, text in {
        "testers": "Group with name testers already exists.",
        "a b": "The specified value for newGroupName is invalid.",
    }.items():
        response = alice.post(f"{PAGE}edit/", {"name": name})
        assert response.status_code == 422
        page = response.content.decode()
        assert text in page
        assert f'value="{name}"' in page
        assert "One field needs your attention" in page
    assert members(world) == []


def test_it_adds_only_who_is_not_in_it(alice: Client, world: World) -> None:
    make_group(world, "bob")
    page = alice.get(ADD).content.decode()
    assert 'value="alice"' in page
    assert 'value="bob"' not in page
    assert alice.post(ADD).status_code == 422
    assert alice.post(ADD, {"selected": ["alice"]}).status_code == 303
    assert members(world) == ["alice", "bob"]


def test_one_user_that_cannot_be_added_leaves_the_others_done(alice: Client, world: World) -> None:
    make_group(world)
    response = alice.post(ADD, {"selected": ["bob", "nobody"]})
    assert response.status_code == 422
    page = response.content.decode()
    assert "bob added to this group." in page
    assert "The user with name nobody cannot be found." in page
    assert members(world) == ["bob"]


def test_it_removes_users_after_a_question(alice: Client, world: World) -> None:
    make_group(world, "alice", "bob")
    assert "Remove 2 users from Developers?" in alice.get(REMOVE, {"selected": ["alice", "bob"]}).content.decode()
    assert members(world) == ["alice", "bob"]
    assert alice.post(REMOVE, {"selected": ["alice", "bob"]}).status_code == 303
    assert members(world) == []


def test_who_may_not_remove_sees_why_in_the_dialog(bob: Client, world: World) -> None:
    make_group(world, "alice")
    response = bob.post(REMOVE, {"selected": ["alice"]})
    assert response.status_code == 422
    assert "iam:RemoveUserFromGroup" in response.content.decode()
    assert members(world) == ["alice"]


def test_it_creates_a_group_with_users_and_policies(alice: Client, world: World) -> None:
    policy = make_policy(world.system)
    response = alice.post(CREATE, {"name": "Developers", "selected": ["bob"], "policy": [policy], "policy_picker": "1"})
    assert response.status_code == 303
    assert members(world) == ["bob"]
    assert policies(world) == ["ReadReports"]
    page = alice.get("/iam/groups/").content.decode()
    assert "Developers user group created." in page
    assert "View group" in page


def test_a_group_that_is_refused_keeps_what_was_chosen(alice: Client, world: World) -> None:
    make_group(world)
    policy = make_policy(world.system)
    chosen = {"name": "Developers", "selected": ["bob"], "policy": [policy], "policy_picker": "1"}
    response = alice.post(CREATE, chosen)
    assert response.status_code == 422
    page = response.content.decode()
    assert "Group with name Developers already exists." in page
    assert 'value="Developers"' in page
    assert 'aria-label="Select bob" data-select checked' in page
    assert f'name="policy" value="{policy}"' in page


def test_searching_policies_without_javascript_creates_nothing_and_keeps_everything(
    alice: Client, world: World
) -> None:
    chosen = {"name": "Developers", "selected": ["bob"], "policy": [ADMINISTRATOR_ACCESS], "policy_picker": "1"}
    page = alice.post(CREATE, {**chosen, "policy_q": "IAMFull", "policy_search": "1"}).content.decode()
    assert 'value="Developers"' in page
    assert 'aria-label="Select bob" data-select checked' in page
    assert "Selected: AdministratorAccess" in page
    assert do(world.system, "ListGroups")["Groups"] == []


def test_more_policies_than_a_group_can_hold_are_refused_at_once(alice: Client, world: World) -> None:
    chosen = {"name": "Developers", "policy": [arn(f"P{number}") for number in range(11)], "policy_picker": "1"}
    response = alice.post(CREATE, chosen)
    assert response.status_code == 422
    assert "Cannot exceed quota for PoliciesPerGroup: 10" in response.content.decode()
    assert do(world.system, "ListGroups")["Groups"] == []


def test_what_could_not_be_put_into_the_new_group_is_told(bob: Client, world: World) -> None:
    policy = make_policy(world.system)
    allow(world.bob, "iam:CreateGroup", "iam:AttachGroupPolicy", "iam:GetGroup")
    response = bob.post(CREATE, {"name": "Developers", "selected": ["bob"], "policy": [policy], "policy_picker": "1"})
    assert response.headers["Location"] == PAGE
    assert policies(world) == ["ReadReports"]
    page = bob.get(PAGE).content.decode()
    assert "User bob was not added to the group." in page
    assert "iam:AddUserToGroup" in page
    assert f'href="{ADD}"' in page


def test_who_may_not_create_keeps_what_was_typed(bob: Client) -> None:
    response = bob.post(CREATE, {"name": "Developers", "policy_picker": "1"})
    assert response.status_code == 422
    page = response.content.decode()
    assert "iam:CreateGroup</code>" in page
    assert "iam:ListUsers</code>" in page
    assert 'value="Developers"' in page
