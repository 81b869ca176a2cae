"""The dashboard: advice, numbers, the alias, what happened lately; each panel by its own permission."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.caller import Caller
from accounts.models import Account
from identities.models import AccessKey
from tests.accounts.views.people import give_device
from tests.cast import ACCOUNT_ID, OTHER_ACCOUNT_ID
from tests.pages import sign_in
from tests.world import World, allow

HOME = "/iam/"
ALIAS = "/iam/account-alias/"


def signed_in(caller: Caller, *, csrf: bool = False) -> Client:
    client = Client(enforce_csrf_checks=csrf)
    sign_in(client, caller)
    return client


def titles(client: Client) -> dict[str, bool]:
    return {each.title: each.done for each in client.get(HOME).context["advice"].found}


def test_it_advises_alice_about_root_and_herself(world: World) -> None:
    found = titles(signed_in(world.alice))
    assert found == {
        "Add MFA for root user": False,
        "Root user has no active access keys": True,
        "Add MFA for yourself": False,
        "You have no access keys that are unused for more than a year": True,
    }


def test_it_ticks_what_is_done(world: World) -> None:
    give_device(world.root, "root-phone")
    give_device(world.alice)
    found = titles(signed_in(world.alice))
    assert found["Root user has MFA"]
    assert found["You have MFA"]


def test_it_gives_the_button_for_root_only_to_root(world: World) -> None:
    buttons = {each.title: each.button for each in signed_in(world.root).get(HOME).context["advice"].found}
    assert buttons["Add MFA for root user"]
    assert "Sign in as the root user" in signed_in(world.alice).get(HOME).content.decode()
    assert "Add MFA for yourself" not in buttons


def test_it_warns_of_a_key_that_nobody_used_for_a_year(world: World) -> None:
    AccessKey.objects.create(
        pk="AKIAOLDOLDOLDOLDOLD1", account_id=ACCOUNT_ID, user_id=world.alice.principal_id, sealed_secret="x",
        created_at=timezone.now() - timedelta(days=400),
    )  # fmt: skip
    assert titles(signed_in(world.alice))["Deactivate or delete your unused access keys"] is False


def test_it_counts_what_is_in_the_account_and_links_to_it(world: World) -> None:
    page = signed_in(world.alice).get(HOME)
    assert ("Users", 2, "/iam/users/") in page.context["numbers"]


def test_it_shows_bob_each_refusal_in_its_panel(world: World) -> None:
    page = signed_in(world.bob).get(HOME)
    assert page.status_code == 200
    text = page.content.decode()
    for action in (
        "iam:GetAccountSummary",
        "iam:ListAccountAliases",
        "iam:ListMFADevices",
        "iam:ListAccessKeys",
        "cloudtrail:LookupEvents",
    ):
        assert f"<code>{action}</code>" in text
    assert ALIAS in text


def test_it_opens_a_panel_by_its_permission(world: World) -> None:
    allow(world.bob, "iam:GetAccountSummary")
    text = signed_in(world.bob).get(HOME).content.decode()
    assert "<code>iam:GetAccountSummary</code>" not in text
    assert "<code>iam:ListAccountAliases</code>" in text


def test_it_shows_denials_and_changes_of_this_account_only(world: World) -> None:
    signed_in(world.bob).get("/iam/users/")
    charlie = signed_in(world.charlie)
    charlie.post(ALIAS, {"alias": "charlies-lab"})
    alice = signed_in(world.alice)
    alice.post(ALIAS, {"alias": "alices-lab"})
    page = alice.get(HOME).context
    assert {event.user_name for event in page["denials"]} == {"bob"}
    assert [(event.name, event.user_name) for event in page["changes"]] == [("CreateAccountAlias", "alice")]


def test_it_sets_the_alias_and_says_so(world: World) -> None:
    alice = signed_in(world.alice)
    response = alice.post(ALIAS, {"alias": "alices-lab"}, follow=True)
    text = response.content.decode()
    assert response.redirect_chain == [(HOME, 303)]
    assert "Alias alices-lab created for this account." in text
    assert "/alices-lab/signin/" in text


@pytest.mark.parametrize("alias", ["ab", "Alice", "-lab", "my--lab", "123456789012", "taken", "a b"])
def test_it_refuses_an_alias_that_aws_would_refuse_and_keeps_it(alias: str, world: World) -> None:
    Account.objects.filter(pk=OTHER_ACCOUNT_ID).update(alias="taken")
    response = signed_in(world.alice).post(ALIAS, {"alias": alias})
    assert response.status_code == 422
    assert response.context["form"].errors["alias"]
    assert f'value="{alias}"' in response.content.decode()
    assert Account.objects.get(pk=ACCOUNT_ID).alias is None


def test_it_deletes_the_alias(world: World) -> None:
    Account.objects.filter(pk=ACCOUNT_ID).update(alias="alices-lab")
    alice = signed_in(world.alice)
    assert "Delete alias alices-lab?" in alice.get(f"{ALIAS}delete/").content.decode()
    assert alice.post(f"{ALIAS}delete/").status_code == 303
    assert Account.objects.get(pk=ACCOUNT_ID).alias is None


def test_it_refuses_bob_in_the_dialog(world: World) -> None:
    Account.objects.filter(pk=ACCOUNT_ID).update(alias="alices-lab")
    bob = signed_in(world.bob)
    for address, action in ((ALIAS, "iam:CreateAccountAlias"), (f"{ALIAS}delete/", "iam:DeleteAccountAlias")):
        response = bob.post(address, {"alias": "bobs-lab"}, headers={"HX-Request": "true"})
        assert response.status_code == 422
        assert action in response.content.decode()
        assert "<html" not in response.content.decode()
    assert Account.objects.get(pk=ACCOUNT_ID).alias == "alices-lab"


@pytest.mark.parametrize("address", [ALIAS, f"{ALIAS}delete/"])
def test_it_refuses_a_post_without_its_token(address: str, world: World) -> None:
    assert signed_in(world.alice, csrf=True).post(address, {"alias": "x-y-z"}).status_code == 403


@pytest.mark.parametrize("address", [HOME, ALIAS, f"{ALIAS}delete/"])
def test_it_wants_a_sign_in(address: str, db: None) -> None:
    assert Client().get(address).status_code == 302
