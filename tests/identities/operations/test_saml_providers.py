"""SAML providers, text by text."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from iamconsole import sealing
from iamconsole.events.models import Event
from identities.models import SamlKey, SamlProvider
from identities.quotas import QUOTAS
from tests.cast import ACCOUNT_ID
from tests.identities import papers
from tests.identities.steps import do, error
from tests.world import World

ARN = f"arn:aws:iam::{ACCOUNT_ID}:saml-provider/school"
MISSING = ("NoSuchEntity", f"Manifest not found for arn {ARN}")


def make(world: World, valid_until: str = "", **more: object) -> str:
    document = papers.metadata(valid_until)
    arn: str = do(world.alice, "CreateSAMLProvider", Name="school", SAMLMetadataDocument=document, **more)[
        "SAMLProviderArn"
    ]
    return arn


def show(world: World) -> dict[str, Any]:
    return do(world.alice, "GetSAMLProvider", SAMLProviderArn=ARN)


def test_it_shows_what_was_made(world: World) -> None:
    tags = [{"Key": "team", "Value": "blue"}]
    assert make(world, "2030-06-01T12:00:00Z", Tags=tags) == ARN
    found = show(world)
    assert found["SAMLMetadataDocument"] == papers.metadata("2030-06-01T12:00:00Z")
    assert (found["ValidUntil"], found["Tags"]) == (datetime(2030, 6, 1, 12, tzinfo=UTC), tags)
    assert len(found["SAMLProviderUUID"]) >= 22
    assert (found["AssertionEncryptionMode"], found["PrivateKeyList"]) == ("Allowed", [])


def test_it_holds_a_hundred_years_where_the_metadata_names_no_end(world: World) -> None:
    make(world)
    found = show(world)
    assert (found["ValidUntil"] - found["CreateDate"]).days == 36_525
    assert found["Tags"] == []


def test_it_lists_providers_by_name(world: World) -> None:
    make(world)
    do(world.alice, "CreateSAMLProvider", Name="firm", SAMLMetadataDocument=papers.metadata())
    listed = do(world.alice, "ListSAMLProviders")["SAMLProviderList"]
    assert [each["Arn"].rpartition("/")[2] for each in listed] == ["firm", "school"]
    assert do(world.charlie, "ListSAMLProviders")["SAMLProviderList"] == []


def test_it_refuses_a_name_in_another_case(world: World) -> None:
    make(world)
    given = {"Name": "School", "SAMLMetadataDocument": papers.metadata()}
    expected = ("EntityAlreadyExists", "Provider with name School already exists.")
    assert error(world.alice, "CreateSAMLProvider", **given) == expected


def test_it_refuses_what_is_no_metadata(world: World) -> None:
    expected = ("InvalidInput", "Could not parse metadata")
    assert error(world.alice, "CreateSAMLProvider", Name="school", SAMLMetadataDocument="a" * 1024) == expected
    make(world)
    assert error(world.alice, "UpdateSAMLProvider", SAMLProviderArn=ARN, SAMLMetadataDocument="a" * 1024) == expected


def test_it_refuses_a_short_document(world: World) -> None:
    code, text = error(world.alice, "CreateSAMLProvider", Name="school", SAMLMetadataDocument="<x/>")
    assert (code, text.endswith("Member must have length greater than or equal to 1000")) == ("ValidationError", True)


def test_it_replaces_the_metadata(world: World) -> None:
    make(world)
    document = papers.metadata("2031-01-01")
    do(world.alice, "UpdateSAMLProvider", SAMLProviderArn=ARN, SAMLMetadataDocument=document)
    found = show(world)
    assert (found["SAMLMetadataDocument"], found["ValidUntil"]) == (document, datetime(2031, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    "name", ["GetSAMLProvider", "UpdateSAMLProvider", "DeleteSAMLProvider", "ListSAMLProviderTags"]
)
def test_it_does_not_find_what_is_not_there_or_another_accounts(world: World, name: str) -> None:
    assert error(world.alice, name, SAMLProviderArn=ARN) == MISSING
    make(world)
    assert error(world.charlie, name, SAMLProviderArn=ARN) == MISSING


def test_it_deletes(world: World) -> None:
    make(world, AddPrivateKey=papers.private_pem())
    do(world.alice, "DeleteSAMLProvider", SAMLProviderArn=ARN)
    assert error(world.alice, "GetSAMLProvider", SAMLProviderArn=ARN) == MISSING
    assert not SamlKey.objects.exists()


def test_it_keeps_private_keys_sealed_and_out_of_the_events(world: World) -> None:
    pem = papers.private_pem()
    make(world, AddPrivateKey=pem, AssertionEncryptionMode="Required")
    found = show(world)
    key = SamlKey.objects.get()
    assert (found["AssertionEncryptionMode"], found["PrivateKeyList"]) == (
        "Required",
        [{"KeyId": key.pk, "Timestamp": key.created_at}],
    )
    assert pem[40:80] not in key.sealed_key
    assert sealing.unseal(key.sealed_key, f"saml_key|{key.pk}|{ACCOUNT_ID}").reveal() == pem
    assert not [event for event in Event.objects.all() if pem[40:80] in str(event.record)]


def test_it_changes_keys_two_at_most(world: World) -> None:
    make(world, AddPrivateKey=papers.private_pem())
    first = show(world)["PrivateKeyList"][0]["KeyId"]
    do(world.alice, "UpdateSAMLProvider", SAMLProviderArn=ARN, AddPrivateKey=papers.private_pem("second"))
    third = {"SAMLProviderArn": ARN, "AddPrivateKey": papers.private_pem()}
    assert error(world.alice, "UpdateSAMLProvider", **third) == ("LimitExceeded", "Private key limit of 2 is reached.")
    code, message = error(world.alice, "UpdateSAMLProvider", **third, RemovePrivateKey=first)
    assert (code, message[:53]) == ("InvalidInput", "Unable to add and remove private keys in the same req")
    do(world.alice, "UpdateSAMLProvider", SAMLProviderArn=ARN, RemovePrivateKey=first)
    do(world.alice, "UpdateSAMLProvider", **third)
    assert first not in [key["KeyId"] for key in show(world)["PrivateKeyList"]]
    assert error(world.alice, "UpdateSAMLProvider", SAMLProviderArn=ARN, RemovePrivateKey=first) == (
        "NoSuchEntity",
        "Failed to remove private key because the Key ID does not match a private key.",
    )


@pytest.mark.parametrize("key", ["no key", papers.private_pem(password=b"locked")], ids=["garbage", "encrypted"])
def test_it_refuses_an_unreadable_private_key(world: World, key: str) -> None:
    given = {"Name": "school", "SAMLMetadataDocument": papers.metadata(), "AddPrivateKey": key}
    assert error(world.alice, "CreateSAMLProvider", **given) == ("InvalidInput", "Invalid private key.")
    assert not SamlProvider.objects.exists()


def test_it_wants_a_key_for_encryption(world: World) -> None:
    given = {"Name": "school", "SAMLMetadataDocument": papers.metadata(), "AssertionEncryptionMode": "Allowed"}
    expected = (
        "InvalidInput",
        "Unable to set assertion encryption mode to Allowed because no private key is provided.",
    )
    assert error(world.alice, "CreateSAMLProvider", **given) == expected


def test_it_refuses_to_take_the_last_key_of_an_encrypted_provider(world: World) -> None:
    make(world, AddPrivateKey=papers.private_pem(), AssertionEncryptionMode="Allowed")
    only = show(world)["PrivateKeyList"][0]["KeyId"]
    code, _ = error(world.alice, "UpdateSAMLProvider", SAMLProviderArn=ARN, RemovePrivateKey=only)
    assert (code, len(show(world)["PrivateKeyList"])) == ("InvalidInput", 1)


def test_it_refuses_identity_center(world: World) -> None:
    given = {"Name": "school", "SAMLMetadataDocument": papers.metadata(), "IdentityCenterInstanceArn": "x"}
    expected = ("InvalidInput", "IAM Identity Center instances are not supported.")
    assert error(world.alice, "CreateSAMLProvider", **given) == expected


def test_it_keeps_to_the_quota(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(QUOTAS, "SAMLProvidersPerAccount", 1)
    make(world)
    given = {"Name": "second", "SAMLMetadataDocument": papers.metadata()}
    expected = ("LimitExceeded", "Cannot exceed quota for SAMLProvidersPerAccount: 1")
    assert error(world.alice, "CreateSAMLProvider", **given) == expected


def test_it_refuses_an_update_of_nothing(world: World) -> None:
    make(world)
    code, message = error(world.alice, "UpdateSAMLProvider", SAMLProviderArn=ARN)
    assert (code, message[:36]) == ("InvalidInput", "Unable to update identity provider. ")
