"""The wizard that makes a user: every step keeps its answers, every call has its own permission."""

from __future__ import annotations

import pytest
from django.test import Client

from iamconsole.events.models import Event
from iamconsole.operations.secrets import Secret
from identities.models import LoginProfile, User
from identities.passwords import verify
from tests.history import unguarded
from tests.identities.steps import do
from tests.identities.views.test_user_delete import DOCUMENT, POLICY, written
from tests.world import World, allow

DETAILS = {"name": "dana", "wizard": "next"}
CONSOLE = {**DETAILS, "console": "on", "kind": "auto", "reset": "on"}
SELF_SERVICE = "arn:aws:iam::aws:policy/IAMUserChangePassword"


def start(client: Client) -> str:
    """The first step's address without its number."""
    location = client.get("/iam/create-user/").headers["Location"]
    assert location.endswith("/1/")
    return location.removesuffix("1/")


def go(client: Client, base: str, step: int, expected: str, **sent: object) -> None:
    response = client.post(f"{base}{step}/", sent)
    assert response.status_code == 303, response.content.decode()
    assert response.headers["Location"] == expected.replace("…", base)


def through(client: Client, details: dict[str, str], **permissions: object) -> str:
    """To the review."""
    base = start(client)
    go(client, base, 1, "…2/", **details)
    go(client, base, 2, "…3/", **{"option": "groups", **permissions})
    return base


def attached(world: World, name: str = "dana") -> list[str]:
    listed = do(world.system, "ListAttachedUserPolicies", UserName=name)["AttachedPolicies"]
    return [policy["PolicyArn"] for policy in listed]


def test_it_makes_a_user_without_console_access(alice: Client, world: World) -> None:
    do(world.system, "CreateGroup", GroupName="readers")
    base = through(alice, DETAILS, group=["readers"])
    review = alice.get(f"{base}3/").content.decode()
    assert "dana" in review and "readers" in review and "Permissions group" in review
    unguarded().delete()
    response = alice.post(f"{base}3/", {"tag_key": ["team"], "tag_value": ["blue"]}, follow=True)
    assert "User dana created." in response.content.decode() and "View user" in response.content.decode()
    assert User.objects.get(name="dana").tags == [{"Key": "team", "Value": "blue"}]
    assert written() == ["CreateUser", "AddUserToGroup"]
    assert not LoginProfile.objects.exists()


def test_it_shows_the_password_once(alice: Client, world: World) -> None:
    base = through(alice, CONSOLE)
    assert "IAMUserChangePassword" in alice.get(f"{base}3/").content.decode()
    go(alice, base, 3, "…result/")
    shown = alice.get(f"{base}result/")
    assert "no-store" in shown.headers["Cache-Control"]
    page = shown.content.decode()
    assert "User created successfully" in page and 'download="dana_credentials.csv"' in page
    profile = LoginProfile.objects.get()
    password = page.split('data-copy-text="')[3].split('"')[0].replace("&amp;", "&")
    assert verify(Secret(password), profile.password) and profile.reset_required
    assert attached(world) == [SELF_SERVICE]
    again = alice.get(f"{base}result/").content.decode()
    assert "no password to show" in again and "data:text/csv" not in again


def test_a_custom_password_is_nowhere_in_clear(alice: Client, world: World) -> None:
    base = start(alice)
    secret = "Correct-horse-9"
    go(alice, base, 1, "…2/", **{**CONSOLE, "kind": "custom", "password": secret})
    assert secret not in str(dict(alice.session))
    assert secret not in alice.get(f"{base}1/").content.decode()
    go(alice, base, 1, "…2/", **{**CONSOLE, "kind": "custom", "password": ""})  # the one entered before stays
    go(alice, base, 2, "…3/", option="groups")
    go(alice, base, 3, "…result/")
    assert verify(Secret(secret), LoginProfile.objects.get().password)
    assert secret not in str(list(Event.objects.values_list("record", flat=True)))


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"name": ""}, "This field is required."),
        ({"name": "a b"}, "The specified value for userName is invalid."),
        ({"name": "x" * 65}, "length less than or equal to 64"),
        ({"name": "BOB"}, "User with name BOB already exists."),
        ({"name": "dana", "console": "on", "kind": "custom"}, "Enter a password."),
        ({"name": "dana", "console": "on", "kind": "custom", "password": "short"}, "minimum length of 8"),
    ],
)
def test_it_keeps_wrong_details_in_the_form(alice: Client, world: World, sent: dict[str, str], says: str) -> None:
    base = start(alice)
    response = alice.post(f"{base}1/", sent)
    text = response.content.decode()
    assert response.status_code == 422 and says in text
    assert not sent["name"] or f'value="{sent["name"]}"' in text


def test_who_may_not_create_users_learns_no_names(bob: Client, world: World) -> None:
    base = start(bob)
    go(bob, base, 1, "…2/", name="alice")


def test_it_attaches_policies_and_a_boundary(alice: Client, world: World) -> None:
    base = through(alice, DETAILS, option="policies", policy=[POLICY], bounded="on", boundary=POLICY)
    assert "Permissions boundary" in alice.get(f"{base}3/").content.decode()
    alice.post(f"{base}3/")
    assert attached(world) == [POLICY]
    boundary = do(world.system, "GetUser", UserName="dana")["User"]["PermissionsBoundary"]
    assert boundary["PermissionsBoundaryArn"] == POLICY


def test_it_copies_all_permissions_of_a_user(alice: Client, world: World) -> None:
    do(world.system, "CreateGroup", GroupName="readers")
    do(world.system, "AddUserToGroup", GroupName="readers", UserName="bob")
    do(world.system, "AttachUserPolicy", UserName="bob", PolicyArn=POLICY)
    do(world.system, "PutUserPolicy", UserName="bob", PolicyName="mine", PolicyDocument=DOCUMENT)
    do(world.system, "PutUserPermissionsBoundary", UserName="bob", PermissionsBoundary=POLICY)
    base = through(alice, DETAILS, option="copy", copy="bob")
    alice.post(f"{base}3/")
    assert attached(world) == [POLICY]
    assert do(world.system, "GetUserPolicy", UserName="dana", PolicyName="mine")["PolicyDocument"] == DOCUMENT
    assert [group.name for group in User.objects.get(name="dana").groups.all()] == ["readers"]
    assert "PermissionsBoundary" in do(world.system, "GetUser", UserName="dana")["User"]


@pytest.mark.parametrize(
    ("sent", "says"),
    [({"option": "copy"}, "Choose the user"), ({"option": "groups", "bounded": "on"}, "Choose the policy")],
)
def test_it_wants_what_was_chosen_to_be_named(alice: Client, world: World, sent: dict[str, str], says: str) -> None:
    base = start(alice)
    go(alice, base, 1, "…2/", **DETAILS)
    response = alice.post(f"{base}2/", sent)
    assert response.status_code == 422 and says in response.content.decode()


def test_previous_forgets_nothing(alice: Client, world: World) -> None:
    base = through(alice, DETAILS, option="policies", policy=[POLICY])
    go(alice, base, 3, "…2/", wizard="previous", tag_key="team", tag_value="blue")
    go(alice, base, 2, "…1/", wizard="previous", option="policies", policy=[POLICY])
    assert 'value="dana"' in alice.get(f"{base}1/").content.decode()
    assert f'name="policy" value="{POLICY}"' in alice.get(f"{base}2/").content.decode()
    assert 'value="blue"' in alice.get(f"{base}3/").content.decode()


def test_nobody_skips_a_step(alice: Client, world: World) -> None:
    base = start(alice)
    for step in (2, 3):
        assert alice.get(f"{base}{step}/").headers["Location"] == f"{base}1/"
    assert alice.get(f"{base}4/").status_code == 404
    assert alice.get(f"{base}result/").headers["Location"] == "/iam/users/"


def test_cancel_drops_the_draft(alice: Client, world: World) -> None:
    base = through(alice, DETAILS)
    go(alice, base, 3, "/iam/users/", wizard="cancel")
    assert alice.get(f"{base}3/").headers["Location"] == f"{base}1/"


def test_a_refused_creation_stays_on_the_review(bob: Client, world: World) -> None:
    base = through(bob, DETAILS)
    response = bob.post(f"{base}3/", {"tag_key": "team", "tag_value": "blue"})
    text = response.content.decode()
    assert response.status_code == 422 and "<code>iam:CreateUser</code>" in text and 'value="blue"' in text
    assert not User.objects.filter(name="dana").exists()


def test_it_says_what_failed_and_tries_again(bob: Client, world: World) -> None:
    allow(world.bob, "iam:CreateUser", "iam:CreateLoginProfile")
    base = through(bob, CONSOLE, option="policies", policy=[POLICY])
    go(bob, base, 3, "…result/")
    page = bob.get(f"{base}result/").content.decode()
    assert "not everything was done" in page and "Attach policy ReadOnlyAccess" in page
    assert "<code>iam:AttachUserPolicy</code>" in page and "data:text/csv" in page
    assert attached(world) == []
    allow(world.bob, "iam:AttachUserPolicy")
    unguarded().delete()
    assert "User created successfully" in bob.post(f"{base}result/", follow=True).content.decode()
    assert sorted(attached(world)) == [SELF_SERVICE, POLICY]
    assert written() == ["AttachUserPolicy", "AttachUserPolicy"]


def test_a_made_user_is_not_made_twice(bob: Client, world: World) -> None:
    allow(world.bob, "iam:CreateUser")
    base = through(bob, DETAILS, option="policies", policy=[POLICY])
    go(bob, base, 3, "…result/")
    go(bob, base, 3, "…result/")
    assert User.objects.filter(name="dana").count() == 1


def test_two_wizards_do_not_mix(alice: Client, world: World) -> None:
    first, second = start(alice), start(alice)
    go(alice, first, 1, "…2/", **DETAILS)
    go(alice, second, 1, "…2/", name="erin")
    assert 'value="dana"' in alice.get(f"{first}1/").content.decode()


def test_htmx_gets_one_table(alice: Client, world: World) -> None:
    base = start(alice)
    go(alice, base, 1, "…2/", **DETAILS)
    headers = {"HX-Request": "true", "HX-Target": "copy-choices"}
    text = alice.get(f"{base}2/?copy-q=bob", headers=headers).content.decode()
    assert "<html" not in text and 'value="bob"' in text and 'value="alice"' not in text


def test_a_post_without_its_token_is_refused(world: World) -> None:
    assert Client(enforce_csrf_checks=True).post("/iam/users/create/x/1/", DETAILS).status_code == 403
