from __future__ import annotations

import base64
import re

import pytest
from django.test import Client

from iamconsole.operations.door import perform
from identities.models import AccessKey, User
from tests.accounts.views.people import HOME
from tests.pages import sign_in
from tests.world import World, allow

OWN = "/iam/security-credentials/access-keys/"
BOBS = "/iam/users/bob/access-keys/"


def create(client: Client, base: str, description: str = "") -> str:
    """Through the wizard; the page that shows the secret."""
    assert client.post(f"{base}create/", {"use_case": "other"}).headers["Location"] == f"{base}create/description/"
    done = client.post(f"{base}create/description/", {"description": description})
    assert done.status_code == 303, done.content.decode()
    return client.get(done.headers["Location"]).content.decode()


def key_of(world: World) -> str:
    made = perform(world.system, "iam:CreateAccessKey", {"UserName": "bob"})["AccessKey"]
    assert isinstance(made, dict)
    return str(made["AccessKeyId"])


@pytest.mark.parametrize(("base", "owner"), [(OWN, "alice"), (BOBS, "bob")])
def test_it_creates_a_key_and_shows_its_secret_once(client: Client, world: World, base: str, owner: str) -> None:
    sign_in(client, world.alice)
    page = create(client, base, "laptop CLI")
    key = AccessKey.objects.get()
    assert key.user is not None and key.user.name == owner
    assert key.user.tags == [{"Key": key.pk, "Value": "laptop CLI"}]
    assert key.pk in page and f'download="{owner}_accessKeys.csv"' in page
    secret = _secret(page)
    again = client.get(f"{base}create/done/").content.decode()
    assert "shown already" in again and secret not in again
    assert secret not in str(dict(client.session))


def _secret(page: str) -> str:
    found = re.search(r"data:text/csv;base64,([A-Za-z0-9+/=]+)", page)
    assert found
    header, row = base64.b64decode(found[1]).decode().splitlines()
    assert header == "Access key ID,Secret access key"
    secret = row.split(",")[1]
    assert len(secret) == 40
    return secret


def test_it_wants_the_alternatives_to_be_acknowledged(client: Client, world: World) -> None:
    sign_in(client, world.alice)
    for fields in ({}, {"use_case": "cli"}, {"use_case": "nonsense"}):
        assert "is-invalid" in client.post(f"{OWN}create/", fields).content.decode()
    assert client.post(f"{OWN}create/", {"use_case": "cli", "understood": "on"}).status_code == 303


def test_it_makes_no_key_without_the_first_step(client: Client, world: World) -> None:
    sign_in(client, world.alice)
    assert client.post(f"{OWN}create/description/", {"description": ""}).headers["Location"] == f"{OWN}create/"
    client.post(f"{BOBS}create/", {"use_case": "other"})
    assert client.post(f"{OWN}create/description/", {"description": ""}).headers["Location"] == f"{OWN}create/"
    assert not AccessKey.objects.exists()


def test_it_makes_roots_key_only_when_expressly_wanted(client: Client, world: World) -> None:
    sign_in(client, world.root)
    assert "is-invalid" in client.post(f"{OWN}create/", {}).content.decode()
    done = client.post(f"{OWN}create/", {"understood": "on"})
    page = client.get(done.headers["Location"]).content.decode()
    assert 'download="rootkey.csv"' in page
    assert AccessKey.objects.get().user is None


def test_it_says_that_there_are_two_keys_already(client: Client, world: World) -> None:
    for _ in range(2):
        key_of(world)
    sign_in(client, world.alice)
    client.post(f"{BOBS}create/", {"use_case": "other"})
    page = client.post(f"{BOBS}create/description/", {"description": ""}).content.decode()
    assert "Cannot exceed quota for AccessKeysPerUser: 2" in page


def test_it_keeps_the_key_when_only_the_description_is_refused(client: Client, world: World) -> None:
    allow(world.bob, "iam:CreateAccessKey")
    sign_in(client, world.bob)
    page = create(client, OWN, "laptop")
    assert "The description was not saved" in page and "iam:TagUser" in page
    assert AccessKey.objects.get().pk in page
    assert User.objects.get(pk=world.bob.principal_id).tags == []


def test_it_explains_a_refusal(client: Client, world: World) -> None:
    sign_in(client, world.bob)
    client.post(f"{OWN}create/", {"use_case": "other"})
    page = client.post(f"{OWN}create/description/", {"description": ""}).content.decode()
    assert "Access denied" in page and "iam:CreateAccessKey" in page


def test_it_deactivates_and_activates(client: Client, world: World) -> None:
    key_id = key_of(world)
    sign_in(client, world.alice)
    for to in ("Inactive", "Active"):
        page = f"{BOBS}{key_id}/status/?to={to}"
        assert key_id in client.get(page).content.decode()
        assert AccessKey.objects.get().active is (to == "Inactive")
        assert client.post(page).status_code == 303
        assert AccessKey.objects.get().active is (to == "Active")


def test_it_deletes_an_inactive_key_when_its_id_is_typed(client: Client, world: World) -> None:
    key_id = key_of(world)
    perform(world.system, "iam:UpdateAccessKey", {"UserName": "bob", "AccessKeyId": key_id, "Status": "Inactive"})
    sign_in(client, world.alice)
    page = f"{BOBS}{key_id}/delete/"
    assert client.post(page, {"confirm": "delete"}).status_code == 422
    assert AccessKey.objects.exists()
    assert client.post(page, {"confirm": key_id}).status_code == 303
    assert not AccessKey.objects.exists()


def test_it_wants_a_key_deactivated_before_it_is_deleted(client: Client, world: World) -> None:
    key_id = key_of(world)
    sign_in(client, world.alice)
    response = client.post(f"{BOBS}{key_id}/delete/", {"confirm": key_id})
    assert "Deactivate the access key before you delete it." in response.content.decode()
    assert AccessKey.objects.exists()


def test_it_touches_no_key_of_another_account(client: Client, world: World) -> None:
    key_id = key_of(world)
    sign_in(client, world.charlie)
    for base in (OWN, BOBS):
        assert client.post(f"{base}{key_id}/status/?to=Inactive").status_code in (404, 422)
        assert client.post(f"{base}{key_id}/delete/", {"confirm": key_id}).status_code in (404, 422)
    assert AccessKey.objects.get().active


def test_it_says_what_was_done(client: Client, world: World) -> None:
    made = perform(world.alice, "iam:CreateAccessKey")["AccessKey"]
    assert isinstance(made, dict)
    sign_in(client, world.alice)
    client.post(f"{OWN}{made['AccessKeyId']}/status/?to=Inactive")
    text = client.get(HOME).content.decode()
    assert "Access key deactivated." in text and "Inactive" in text
