"""Account settings: the password policy shown and changed, each panel by its own permission."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.caller import Caller
from accounts.models import Account, PasswordPolicy
from tests.cast import ACCOUNT_ID, OTHER_ACCOUNT_ID
from tests.pages import sign_in
from tests.world import World, allow

HOME = "/iam/account-settings/"
EDIT = f"{HOME}password-policy/"
CUSTOM = {"kind": "custom", "minimum_length": "12", "uppercase": "on", "users_may_change": "on"}
HTMX = {"HX-Request": "true"}


def signed_in(caller: Caller, *, csrf: bool = False) -> Client:
    client = Client(enforce_csrf_checks=csrf)
    sign_in(client, caller)
    return client


def policies() -> list[PasswordPolicy]:
    return list(PasswordPolicy.objects.all())


def test_it_shows_the_default_policy_the_account_and_its_quotas(world: World) -> None:
    page = signed_in(world.alice).get(HOME)
    text = page.content.decode()
    assert "IAM default" in text
    assert "minimum length is 8 characters" in text
    assert Account.objects.get(pk=ACCOUNT_ID).root_email in text
    assert ("Users", 2, 5000) in page.context["held"]


def test_it_shows_bob_a_refusal_in_every_panel_and_no_address_of_root(world: World) -> None:
    text = signed_in(world.bob).get(HOME).content.decode()
    for action in (
        "iam:GetAccountPasswordPolicy",
        "iam:ListAccountAliases",
        "iam:GetAccountSummary",
        "account:GetPrimaryEmail",
    ):
        assert f"<code>{action}</code>" in text
    assert Account.objects.get(pk=ACCOUNT_ID).root_email not in text
    assert "minimum length" not in text


def test_it_opens_a_panel_by_its_permission(world: World) -> None:
    allow(world.bob, "iam:GetAccountPasswordPolicy")
    text = signed_in(world.bob).get(HOME).content.decode()
    assert "minimum length is 8 characters" in text
    assert "<code>iam:GetAccountSummary</code>" in text


def test_it_asks_before_it_sets_a_policy(world: World) -> None:
    alice = signed_in(world.alice)
    asked = alice.post(EDIT, CUSTOM)
    assert asked.status_code == 200
    assert "Set custom" in asked.content.decode()
    assert policies() == []
    saved = alice.post(EDIT, {**dict(asked.context["dialog"].hidden)}, follow=True)
    assert saved.redirect_chain == [(HOME, 303)]
    assert "Password requirements for IAM users updated" in saved.content.decode()
    (policy,) = policies()
    assert (policy.account_id, policy.minimum_length) == (ACCOUNT_ID, 12)
    assert (policy.require_uppercase, policy.require_numbers, policy.users_may_change) == (True, False, True)
    assert (policy.max_age_days, policy.remembered) == (None, None)


def test_it_sets_every_rule_and_shows_them_again(world: World) -> None:
    alice = signed_in(world.alice)
    ticks = dict.fromkeys(("lowercase", "numbers", "symbols", "expires", "hard_expiry", "prevents_reuse"), "on")
    alice.post(EDIT, {**CUSTOM, **ticks, "max_age": "90", "remembered": "5", "confirmed": "yes"})
    text = alice.get(HOME).content.decode()
    for rule in ("length is 12", "Passwords expire after 90 days", "The last 5 passwords", "by an administrator"):
        assert rule in text
    first = alice.get(EDIT).context["form"].initial
    assert first["kind"] == "custom"
    assert (first["max_age"], first["remembered"], first["hard_expiry"]) == (90, 5, True)


def test_it_warns_that_expiration_counts_at_once(world: World) -> None:
    alice = signed_in(world.alice)
    assert "Expiration counts at once" not in alice.post(EDIT, CUSTOM).content.decode()
    asked = alice.post(EDIT, {**CUSTOM, "expires": "on", "max_age": "30"})
    assert "Expiration counts at once" in asked.content.decode()


def test_it_goes_back_to_the_default_twice(world: World) -> None:
    PasswordPolicy.objects.create(account_id=ACCOUNT_ID, minimum_length=20)
    PasswordPolicy.objects.create(account_id=OTHER_ACCOUNT_ID, minimum_length=30)
    alice = signed_in(world.alice)
    # What stands in the hidden fields of the custom policy does not matter.
    given = {"kind": "default", "minimum_length": "x"}
    assert "Set default" in alice.post(EDIT, given).content.decode()
    for _ in range(2):
        assert alice.post(EDIT, {**given, "confirmed": "yes"}).status_code == 303
    assert [policy.minimum_length for policy in policies()] == [30]


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("minimum_length", {"minimum_length": "5"}),
        ("minimum_length", {"minimum_length": "129"}),
        ("minimum_length", {"minimum_length": ""}),
        ("max_age", {"expires": "on", "max_age": "1096"}),
        ("max_age", {"expires": "on", "max_age": ""}),
        ("remembered", {"prevents_reuse": "on", "remembered": "25"}),
        ("kind", {"kind": "other"}),
    ],
)
def test_it_refuses_what_aws_would_refuse_and_keeps_it(field: str, given: dict[str, str], world: World) -> None:
    answer = signed_in(world.alice).post(EDIT, {**CUSTOM, **given, "confirmed": "yes"}, headers=HTMX)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert answer["HX-Retarget"] == "#password-policy"
    assert answer.context["form"].data.dict() == {**CUSTOM, **given, "confirmed": "yes"}
    assert "checked" in str(answer.context["form"]["uppercase"])
    assert policies() == []


def test_it_ignores_a_number_whose_rule_is_off(world: World) -> None:
    alice = signed_in(world.alice)
    assert alice.post(EDIT, {**CUSTOM, "max_age": "9999", "confirmed": "yes"}).status_code == 303
    assert policies()[0].max_age_days is None


@pytest.mark.parametrize(
    ("kind", "action"),
    [("custom", "iam:UpdateAccountPasswordPolicy"), ("default", "iam:DeleteAccountPasswordPolicy")],
)
def test_it_refuses_bob_in_the_dialog(kind: str, action: str, world: World) -> None:
    answer = signed_in(world.bob).post(EDIT, {**CUSTOM, "kind": kind, "confirmed": "yes"}, headers=HTMX)
    assert answer.status_code == 422
    assert action in answer.content.decode()
    assert "<html" not in answer.content.decode()
    assert policies() == []


def test_it_refuses_a_post_without_its_token(world: World) -> None:
    assert signed_in(world.alice, csrf=True).post(EDIT, {**CUSTOM, "confirmed": "yes"}).status_code == 403
    assert policies() == []


@pytest.mark.parametrize("address", [HOME, EDIT])
def test_it_wants_a_sign_in(address: str, db: None) -> None:
    assert Client().get(address).status_code == 302
