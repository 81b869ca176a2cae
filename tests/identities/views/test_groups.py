"""The list of groups, and deleting groups with all that AWS wants gone first."""

from __future__ import annotations

from django.test import Client

from iamconsole.events.models import Event
from identities.models import Group
from tests.identities.steps import do
from tests.policies.views.documents import READ_REPORTS, make_policy
from tests.world import World, allow

LIST = "/iam/groups/"


def make_group(world: World, name: str = "Developers", *, users: tuple[str, ...] = ()) -> None:
    do(world.system, "CreateGroup", GroupName=name)
    for user in users:
        do(world.system, "AddUserToGroup", GroupName=name, UserName=user)


def full_group(world: World) -> None:
    """A group with a user, an attached and an inline policy."""
    make_group(world, users=("bob",))
    do(world.system, "AttachGroupPolicy", GroupName="Developers", PolicyArn=make_policy(world.system))
    do(world.system, "PutGroupPolicy", GroupName="Developers", PolicyName="own", PolicyDocument=READ_REPORTS)


def groups() -> list[str]:
    return list(Group.objects.order_by("name").values_list("name", flat=True))


def test_it_lists_the_groups_with_their_users_and_permissions(alice: Client, world: World) -> None:
    full_group(world)
    make_group(world, "Empty")
    page = alice.get(LIST).content.decode()
    assert 'href="/iam/groups/Developers/"' in page
    assert page.count("Not defined") == 1
    assert page.count("Defined") == 1
    assert "status-warn" in page


def test_it_offers_to_create_the_first_group(alice: Client) -> None:
    page = alice.get(LIST).content.decode()
    assert "There are no user groups in this account." in page
    assert 'href="/iam/create-group/"' in page


def test_a_group_of_another_account_is_not_listed_and_not_there(alice: Client, world: World) -> None:
    do(world.charlie, "CreateGroup", GroupName="Strangers")
    assert "Strangers" not in alice.get(LIST).content.decode()
    assert alice.get("/iam/groups/Strangers/").status_code == 404
    assert alice.get("/iam/groups/Strangers/permissions/").status_code == 404
    response = alice.post("/iam/groups/Strangers/delete/", {"confirm": "Strangers"})
    assert response.status_code == 422
    assert "The group with name Strangers cannot be found." in response.content.decode()


def test_it_answers_htmx_with_the_table_alone(alice: Client, world: World) -> None:
    make_group(world)
    page = alice.get(LIST, {"q": "dev"}, headers={"hx-request": "true", "hx-target": "groups-table"}).content.decode()
    assert "Developers" in page
    assert "<html" not in page


def test_who_may_not_list_sees_why(bob: Client) -> None:
    response = bob.get(LIST)
    assert response.status_code == 403
    assert "iam:ListGroups" in response.content.decode()


def test_columns_that_need_more_permissions_say_so(bob: Client, world: World) -> None:
    full_group(world)
    allow(world.bob, "iam:ListGroups")
    page = bob.get(LIST).content.decode()
    assert page.count("Access denied") == 2
    assert "Defined" not in page


def test_deleting_takes_users_and_policies_away_first(alice: Client, world: World) -> None:
    full_group(world)
    dialog = alice.get("/iam/groups/Developers/delete/").content.decode()
    assert "enter the user group name “Developers” in the text input field." in dialog
    response = alice.post("/iam/groups/Developers/delete/", {"confirm": "Developers"})
    assert response.status_code == 303
    assert groups() == []
    names = list(Event.objects.filter(principal_arn=world.alice.arn, read_only=False).values_list("name", flat=True))
    assert sorted(names) == ["DeleteGroup", "DeleteGroupPolicy", "DetachGroupPolicy", "RemoveUserFromGroup"]
    assert "User group Developers deleted." in alice.get(LIST).content.decode()


def test_the_wrong_word_deletes_nothing(alice: Client, world: World) -> None:
    make_group(world)
    response = alice.post("/iam/groups/Developers/delete/", {"confirm": "developers"})
    assert response.status_code == 422
    assert groups() == ["Developers"]


def test_several_groups_are_deleted_with_the_count_typed(alice: Client, world: World) -> None:
    for name in ("A", "B", "C"):
        make_group(world, name)
    chosen = {"selected": ["A", "B", "C"]}
    assert "“3 user groups”" in alice.get("/iam/delete-groups/", chosen).content.decode()
    assert alice.post("/iam/delete-groups/", {**chosen, "confirm": "A"}).status_code == 422
    assert alice.post("/iam/delete-groups/", {**chosen, "confirm": "3 user groups"}).status_code == 303
    assert groups() == []


def test_nothing_selected_leads_back(alice: Client) -> None:
    assert alice.get("/iam/delete-groups/").headers["Location"] == LIST


def test_a_refused_deletion_takes_nothing_away(bob: Client, world: World) -> None:
    full_group(world)
    allow(world.bob, "iam:RemoveUserFromGroup", "iam:GetGroup")
    response = bob.post("/iam/groups/Developers/delete/", {"confirm": "Developers"})
    assert response.status_code == 422
    assert "iam:DeleteGroup" in response.content.decode()
    assert [user["UserName"] for user in do(world.system, "GetGroup", GroupName="Developers")["Users"]] == ["bob"]


def test_what_went_before_an_error_is_told(bob: Client, world: World) -> None:
    make_group(world, "Alone")
    full_group(world)
    allow(world.bob, "iam:DeleteGroup", "iam:GetGroup", "iam:RemoveUserFromGroup", "iam:List*")
    chosen = {"selected": ["Alone", "Developers"], "confirm": "2 user groups"}
    page = bob.post("/iam/delete-groups/", chosen).content.decode()
    assert "iam:DetachGroupPolicy" in page
    assert "User group Alone deleted." in page
    assert "Gone from user group Developers before the error: user bob." in page
    assert "Delete Developers?" in page
    assert groups() == ["Developers"]


def test_a_post_without_its_token_is_refused(world: World, alice: Client) -> None:
    make_group(world)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = alice.cookies
    assert strict.post("/iam/groups/Developers/delete/", {"confirm": "Developers"}).status_code == 403
    assert groups() == ["Developers"]
