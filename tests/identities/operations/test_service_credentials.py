"""Service-specific credentials, text by text."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from accounts.caller import Caller
from iamconsole.events.models import Event
from iamconsole.operations.secrets import Secret
from identities.models import ServiceCredential
from tests.cast import ACCOUNT_ID
from tests.identities.steps import do, error
from tests.world import World, allow

GIT, BEDROCK = "codecommit.amazonaws.com", "bedrock.amazonaws.com"


def make(caller: Caller, service: str = GIT, user: str = "bob", **more: object) -> dict[str, Any]:
    given = {"UserName": user, "ServiceName": service, **more}
    made: dict[str, Any] = do(caller, "CreateServiceSpecificCredential", **given)["ServiceSpecificCredential"]
    return made


def listed(caller: Caller, **given: object) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = do(caller, "ListServiceSpecificCredentials", **given)["ServiceSpecificCredentials"]
    return found


def test_it_names_the_two_credentials_of_a_service(world: World) -> None:
    names = [make(world.alice)["ServiceUserName"] for _ in range(2)]
    assert names == [f"bob-at-{ACCOUNT_ID}", f"bob+1-at-{ACCOUNT_ID}"]
    expected = ("LimitExceeded", "Cannot exceed quota for ServiceSpecificCredentialsPerUser: 2")
    given = {"UserName": "bob", "ServiceName": GIT}
    assert error(world.alice, "CreateServiceSpecificCredential", **given) == expected
    make(world.alice, "cassandra.amazonaws.com")


def test_it_shows_a_password_once(world: World) -> None:
    made = make(world.alice)
    assert isinstance(made["ServicePassword"], Secret)
    [found] = listed(world.alice, UserName="bob")
    assert found == {key: made[key] for key in made if key != "ServicePassword"}
    assert (found["ServiceSpecificCredentialId"][:4], found["Status"]) == ("ACCA", "Active")
    kept = str(ServiceCredential.objects.values().get()) + str([event.record for event in Event.objects.all()])
    assert made["ServicePassword"].reveal() not in kept


def test_it_makes_an_api_key_that_ends(world: World) -> None:
    made = make(world.alice, BEDROCK, CredentialAgeDays=30)
    alias, secret = made["ServiceCredentialAlias"], made["ServiceCredentialSecret"].reveal()
    assert secret.startswith("ABSK")
    assert base64.b64decode(secret[4:]).decode().startswith(f"{alias}:")
    assert made["ExpirationDate"] - made["CreateDate"] == timedelta(days=30)
    assert "ServiceUserName" not in made
    with time_machine.travel(made["ExpirationDate"] + timedelta(seconds=1)):
        assert listed(world.alice, UserName="bob")[0]["Status"] == "Expired"


def test_it_refuses_an_age_of_a_password(world: World) -> None:
    given = {"UserName": "bob", "ServiceName": GIT, "CredentialAgeDays": 30}
    expected = ("ValidationError", f"CredentialAgeDays is not supported for {GIT}")
    assert error(world.alice, "CreateServiceSpecificCredential", **given) == expected


def test_it_looks_for_the_user_before_the_service(world: World) -> None:
    given = {"UserName": "nobody", "ServiceName": "s3.amazonaws.com"}
    missing = ("NoSuchEntity", "The user with name nobody cannot be found.")
    assert error(world.alice, "CreateServiceSpecificCredential", **given) == missing
    unknown = ("NoSuchEntity", "No such service s3.amazonaws.com is supported for Service Specific Credentials")
    for name in ("CreateServiceSpecificCredential", "ListServiceSpecificCredentials"):
        assert error(world.alice, name, **{**given, "UserName": "bob"}) == unknown


def test_it_lists_by_service_and_of_all_users(world: World) -> None:
    make(world.alice)
    make(world.alice, BEDROCK)
    make(world.alice, user="alice")
    assert [each["ServiceName"] for each in listed(world.alice, UserName="bob", ServiceName=BEDROCK)] == [BEDROCK]
    assert {each["UserName"] for each in listed(world.alice, AllUsers=True)} == {"alice", "bob"}
    assert len(listed(world.alice, AllUsers=True, ServiceName=GIT)) == 2
    assert listed(world.charlie, AllUsers=True) == []
    expected = ("ValidationError", "UserName and AllUsers cannot be given together")
    assert error(world.alice, "ListServiceSpecificCredentials", UserName="bob", AllUsers=True) == expected


def test_it_switches_off_and_on(world: World) -> None:
    which = {"UserName": "bob", "ServiceSpecificCredentialId": make(world.alice)["ServiceSpecificCredentialId"]}
    for status in ("Inactive", "Active"):
        do(world.alice, "UpdateServiceSpecificCredential", **which, Status=status)
        assert listed(world.alice, UserName="bob")[0]["Status"] == status
    expected = ("InvalidInput", "The status of a service-specific credential can be set to Active or Inactive.")
    assert error(world.alice, "UpdateServiceSpecificCredential", **which, Status="Expired") == expected
    code, text = error(world.alice, "UpdateServiceSpecificCredential", **which, Status="Gone")
    assert (code, text.endswith("Member must satisfy enum value set")) == ("ValidationError", True)


def test_it_resets_the_secret(world: World) -> None:
    made = make(world.alice)
    before = ServiceCredential.objects.get().secret_hash
    which = {"UserName": "bob", "ServiceSpecificCredentialId": made["ServiceSpecificCredentialId"]}
    again = do(world.alice, "ResetServiceSpecificCredential", **which)["ServiceSpecificCredential"]
    assert again["ServicePassword"].reveal() != made["ServicePassword"].reveal()
    assert again["ServiceUserName"] == made["ServiceUserName"]
    assert ServiceCredential.objects.get().secret_hash != before


@pytest.mark.parametrize("verb", ["Update", "Reset", "Delete"])
def test_it_finds_only_the_users_own(world: World, verb: str) -> None:
    made = make(world.alice)["ServiceSpecificCredentialId"]
    more = {"Status": "Inactive"} if verb == "Update" else {}
    missing = ("NoSuchEntity", f"No such credential {made} exists")
    name = f"{verb}ServiceSpecificCredential"
    assert error(world.alice, name, ServiceSpecificCredentialId=made, UserName="alice", **more) == missing
    assert error(world.alice, name, ServiceSpecificCredentialId=made, **more) == missing


def test_it_deletes(world: World) -> None:
    made = make(world.alice)["ServiceSpecificCredentialId"]
    do(world.alice, "DeleteServiceSpecificCredential", UserName="bob", ServiceSpecificCredentialId=made)
    assert listed(world.alice, UserName="bob") == []


def test_it_lets_a_policy_speak_of_the_service(world: World) -> None:
    allow(world.bob, "iam:CreateServiceSpecificCredential")
    condition = {"StringEquals": {"iam:ServiceSpecificCredentialServiceName": BEDROCK}}
    statement = {"Effect": "Deny", "Action": "iam:*", "Resource": "*", "Condition": condition}
    document = {"Version": "2012-10-17", "Statement": [statement]}
    do(world.alice, "PutUserPolicy", UserName="bob", PolicyName="no-bedrock", PolicyDocument=json.dumps(document))
    make(world.bob)
    code, _ = error(world.bob, "CreateServiceSpecificCredential", UserName="bob", ServiceName=BEDROCK)
    assert code == "AccessDenied"
