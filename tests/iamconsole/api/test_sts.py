"""Temporary credentials through real boto3: roles across accounts, sessions, expiry, and what they carry."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from botocore.exceptions import ClientError
from pytest_django.live_server_helper import LiveServer

from accounts.caller import Caller
from iamconsole.events.models import Event
from iamconsole.operations import door
from identities.models import Role
from tests.cast import ACCOUNT_ID, ALICE_ARN, BOB_ARN, CHARLIE_ARN, OTHER_ACCOUNT_ID
from tests.iamconsole.api.test_endpoint import client, key_of, people, refused
from tests.iamconsole.api.test_endpoint import client as with_key
from tests.identities.steps import codes, enable
from tests.world import World, allow

__all__ = ["people"]
pytestmark = pytest.mark.django_db(transaction=True)
READ_USERS = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "iam:ListUsers", "Resource": "*"}}
NOTHING = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}


def trust(principal: str, **condition: object) -> str:
    statement = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": ["sts:AssumeRole", "sts:TagSession"]}
    return json.dumps({"Version": "2012-10-17", "Statement": [{**statement, **condition}]})


def make_role(owner: Caller, document: str, name: str = "reader") -> str:
    door.perform(owner, "iam:CreateRole", {"RoleName": name, "AssumeRolePolicyDocument": document})
    policy = {"RoleName": name, "PolicyName": "read", "PolicyDocument": json.dumps(READ_USERS)}
    door.perform(owner, "iam:PutRolePolicy", policy)
    return f"arn:aws:iam::{owner.account_id}:role/{name}"


def as_session(server: LiveServer, credentials: dict[str, Any], service: str = "iam") -> Any:
    made = with_key(server, (credentials["AccessKeyId"], credentials["SecretAccessKey"]), service)
    made._request_signer._credentials.token = credentials["SessionToken"]
    return made


def test_it_assumes_a_role_of_another_account(live_server: LiveServer, people: World) -> None:
    arn = make_role(people.alice, trust(CHARLIE_ARN))
    sts = client(live_server, key_of(people.charlie, people.charlie), "sts")
    answer = sts.assume_role(RoleArn=arn, RoleSessionName="visit")
    assert answer["AssumedRoleUser"]["Arn"] == f"arn:aws:sts::{ACCOUNT_ID}:assumed-role/reader/visit"
    session = as_session(live_server, answer["Credentials"])
    assert [user["UserName"] for user in session.list_users()["Users"]] == ["alice", "bob"]
    assert refused(session.list_roles)["Message"].startswith(
        f"User: arn:aws:sts::{ACCOUNT_ID}:assumed-role/reader/visit"
    )
    histories = Event.objects.filter(name="AssumeRole").order_by("account_id")
    assert [event.account_id for event in histories] == [ACCOUNT_ID, OTHER_ACCOUNT_ID]
    assert len({event.record["sharedEventID"] for event in histories}) == 1
    assert Role.objects.get(name="reader").last_used_at is not None


@pytest.mark.parametrize("principal", [ALICE_ARN, f"arn:aws:iam::{ACCOUNT_ID}:root"], ids=["the user", "the account"])
def test_it_asks_both_sides_at_home(live_server: LiveServer, people: World, principal: str) -> None:
    arn = make_role(people.alice, trust(principal))
    bob = client(live_server, key_of(people.bob, people.alice), "sts")
    assert refused(bob.assume_role, RoleArn=arn, RoleSessionName="try")["Code"] == "AccessDenied"
    client(live_server, key_of(people.alice, people.alice), "sts").assume_role(RoleArn=arn, RoleSessionName="work")


def test_it_lets_a_user_in_whom_the_trust_names_without_a_policy_of_its_own(
    live_server: LiveServer, people: World
) -> None:
    arn = make_role(people.alice, trust(BOB_ARN))
    client(live_server, key_of(people.bob, people.alice), "sts").assume_role(RoleArn=arn, RoleSessionName="work")


def test_it_refuses_across_accounts_without_an_own_permission(live_server: LiveServer, people: World) -> None:
    arn = make_role(people.charlie, trust(BOB_ARN))
    bob = client(live_server, key_of(people.bob, people.alice), "sts")
    message = f"User: {BOB_ARN} is not authorized to perform: sts:AssumeRole on resource: {arn}"
    assert refused(bob.assume_role, RoleArn=arn, RoleSessionName="try")["Message"] == message
    missing = arn.replace("reader", "missing")
    assert refused(bob.assume_role, RoleArn=missing, RoleSessionName="try")["Message"] == message.replace(arn, missing)
    allow(people.bob, "sts:AssumeRole")
    bob.assume_role(RoleArn=arn, RoleSessionName="work")


def test_it_asks_for_the_external_id(live_server: LiveServer, people: World) -> None:
    arn = make_role(people.alice, trust(ALICE_ARN, Condition={"StringEquals": {"sts:ExternalId": "42-x"}}))
    sts = client(live_server, key_of(people.alice, people.alice), "sts")
    assert refused(sts.assume_role, RoleArn=arn, RoleSessionName="try")["Code"] == "AccessDenied"
    assert refused(sts.assume_role, RoleArn=arn, RoleSessionName="try", ExternalId="43")["Code"] == "AccessDenied"
    sts.assume_role(RoleArn=arn, RoleSessionName="work", ExternalId="42-x")


def test_it_asks_for_a_code_where_the_trust_wants_mfa(live_server: LiveServer, people: World) -> None:
    arn = make_role(people.alice, trust(ALICE_ARN, Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}}))
    sts = client(live_server, key_of(people.alice, people.alice), "sts")
    serial, seed = enable(people.alice, "alice")
    asked = {"RoleArn": arn, "RoleSessionName": "work"}
    assert refused(sts.assume_role, **asked)["Code"] == "AccessDenied"
    assert "invalid MFA" in refused(sts.assume_role, **asked, SerialNumber=serial, TokenCode="000000")["Message"]
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=5)):
        code = codes(seed)["AuthenticationCode2"]
        sts.assume_role(**asked, SerialNumber=serial, TokenCode=code)
        assert "invalid MFA" in refused(sts.assume_role, **asked, SerialNumber=serial, TokenCode=code)["Message"]


def test_it_narrows_a_session_by_its_own_policy(live_server: LiveServer, people: World) -> None:
    arn = make_role(people.alice, trust(ALICE_ARN))
    sts = client(live_server, key_of(people.alice, people.alice), "sts")
    answer = sts.assume_role(RoleArn=arn, RoleSessionName="work", Policy=json.dumps(NOTHING))
    assert answer["PackedPolicySize"] >= 1
    error = refused(as_session(live_server, answer["Credentials"]).list_users)
    assert error["Message"].endswith("because no session policy allows the iam:ListUsers action")


def test_it_carries_tags_into_conditions(live_server: LiveServer, people: World) -> None:
    arn = make_role(people.alice, trust(ALICE_ARN))
    tagged = {"StringEquals": {"aws:PrincipalTag/team": "blue"}}
    policy = {"Version": "2012-10-17", "Statement": {**READ_USERS["Statement"], "Condition": tagged}}  # type: ignore[dict-item]
    given = {"RoleName": "reader", "PolicyName": "read", "PolicyDocument": json.dumps(policy)}
    door.perform(people.alice, "iam:PutRolePolicy", given)
    sts = client(live_server, key_of(people.alice, people.alice), "sts")
    plain = sts.assume_role(RoleArn=arn, RoleSessionName="work")["Credentials"]
    assert refused(as_session(live_server, plain).list_users)["Code"] == "AccessDenied"
    blue = sts.assume_role(RoleArn=arn, RoleSessionName="work", Tags=[{"Key": "team", "Value": "blue"}])
    as_session(live_server, blue["Credentials"]).list_users()


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"Tags": [{"Key": "a", "Value": "1"}, {"Key": "A", "Value": "2"}]}, "InvalidParameterValue"),
        ({"TransitiveTagKeys": ["a"]}, "InvalidParameterValue"),
        ({"DurationSeconds": 7200}, "ValidationError"),
        ({"Policy": "{"}, "MalformedPolicyDocument"),
        ({"Policy": json.dumps({**NOTHING, "Id": "x" * 2100})}, "PackedPolicyTooLarge"),
        ({"RoleArn": "arn:aws:iam::nothing-valid-here"}, "ValidationError"),
        ({"RoleSessionName": "a:b"}, "ValidationError"),
    ],
)
def test_it_refuses_bad_input(live_server: LiveServer, people: World, given: dict[str, object], code: str) -> None:
    arn = make_role(people.alice, trust(ALICE_ARN))
    sts = client(live_server, key_of(people.alice, people.alice), "sts")
    assert refused(sts.assume_role, **{"RoleArn": arn, "RoleSessionName": "work", **given})["Code"] == code


def test_it_repeats_a_bad_value_as_sts_does(live_server: LiveServer, people: World) -> None:
    sts = client(live_server, key_of(people.alice, people.alice), "sts")
    error = refused(sts.assume_role, RoleArn=f"arn:aws:iam::{ACCOUNT_ID}:role/x", RoleSessionName="Session1:2")
    assert error["Message"] == (
        "1 validation error detected: Value 'Session1:2' at 'roleSessionName' failed to satisfy constraint: "
        "Member must satisfy regular expression pattern: [\\w+=,.@-]*"
    )


def test_it_refuses_root_a_role(live_server: LiveServer, people: World) -> None:
    arn = make_role(people.alice, trust(f"arn:aws:iam::{ACCOUNT_ID}:root"))
    with pytest.raises(Exception, match="Roles may not be assumed by root accounts"):
        door.perform(people.root, "sts:AssumeRole", {"RoleArn": arn, "RoleSessionName": "work"})


def test_it_ends_a_session_when_its_time_is_over(live_server: LiveServer, people: World) -> None:
    sts = client(live_server, key_of(people.alice, people.alice), "sts")
    session = sts.get_session_token(DurationSeconds=900)["Credentials"]
    as_session(live_server, session, "sts").get_caller_identity()
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=902)):
        assert refused(as_session(live_server, session, "sts").get_caller_identity)["Code"] == "ExpiredToken"


def test_it_keeps_iam_from_session_tokens_without_mfa(live_server: LiveServer, people: World) -> None:
    sts = client(live_server, key_of(people.alice, people.alice), "sts")
    plain = sts.get_session_token()["Credentials"]
    error = refused(as_session(live_server, plain).list_users)
    assert (error["Code"], error["Message"]) == (
        "InvalidClientTokenId",
        "The security token included in the request is invalid",
    )
    serial, seed = enable(people.alice, "alice")
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=5)):
        strong = sts.get_session_token(SerialNumber=serial, TokenCode=codes(seed)["AuthenticationCode2"])["Credentials"]
        as_session(live_server, strong).list_users()


def test_it_keeps_iam_and_most_of_sts_from_federated_users(live_server: LiveServer, people: World) -> None:
    arn = make_role(people.alice, trust(f"arn:aws:iam::{ACCOUNT_ID}:root"))
    sts = client(live_server, key_of(people.alice, people.alice), "sts")
    everything = json.dumps({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})
    made = sts.get_federation_token(Name="guest", Policy=everything)
    assert made["FederatedUser"]["Arn"] == f"arn:aws:sts::{ACCOUNT_ID}:federated-user/guest"
    assert refused(as_session(live_server, made["Credentials"]).list_users)["Code"] == "InvalidClientTokenId"
    guest = as_session(live_server, made["Credentials"], "sts")
    assert guest.get_caller_identity()["Arn"] == made["FederatedUser"]["Arn"]
    guest.get_scoped_credentials(DurationSeconds=900)
    for call, given in (
        (guest.assume_role, {"RoleArn": arn, "RoleSessionName": "work"}),
        (guest.get_session_token, {}),
        (guest.get_federation_token, {"Name": "guest2"}),
        (guest.get_access_key_info, {"AccessKeyId": made["Credentials"]["AccessKeyId"]}),
        (guest.decode_authorization_message, {"EncodedMessage": "x"}),
        (guest.get_web_identity_token, {"Audience": ["a"], "SigningAlgorithm": "ES384"}),
    ):
        assert refused(call, **given)["Code"] == "AccessDenied", call


def test_it_gives_a_federated_user_nothing_without_a_session_policy(live_server: LiveServer, people: World) -> None:
    sts = client(live_server, key_of(people.alice, people.alice), "sts")
    guest = as_session(live_server, sts.get_federation_token(Name="guest")["Credentials"], "sts")
    assert guest.get_caller_identity()["UserId"] == f"{ACCOUNT_ID}:guest"
    assert refused(guest.get_scoped_credentials, DurationSeconds=900)["Code"] == "AccessDenied"


def test_it_refuses_a_token_of_another_key(live_server: LiveServer, people: World) -> None:
    sts = client(live_server, key_of(people.alice, people.alice), "sts")
    one, two = (sts.get_session_token()["Credentials"] for _ in range(2))
    mixed = {**one, "SessionToken": two["SessionToken"]}
    assert refused(as_session(live_server, mixed, "sts").get_caller_identity)["Code"] == "InvalidClientTokenId"


def test_it_ends_the_sessions_of_a_deleted_role(live_server: LiveServer, people: World) -> None:
    arn = make_role(people.alice, trust(ALICE_ARN))
    sts = client(live_server, key_of(people.alice, people.alice), "sts")
    session = sts.assume_role(RoleArn=arn, RoleSessionName="work")["Credentials"]
    door.perform(people.alice, "iam:DeleteRolePolicy", {"RoleName": "reader", "PolicyName": "read"})
    door.perform(people.alice, "iam:DeleteRole", {"RoleName": "reader"})
    assert refused(as_session(live_server, session).list_users)["Code"] == "InvalidClientTokenId"


def test_it_chains_roles_for_an_hour_at_most(live_server: LiveServer, people: World) -> None:
    first = make_role(people.alice, trust(ALICE_ARN), "first")
    second = make_role(people.alice, trust(first), "second")
    door.perform(people.alice, "iam:UpdateRole", {"RoleName": "second", "MaxSessionDuration": 43200})
    sts = client(live_server, key_of(people.alice, people.alice), "sts")
    session = as_session(live_server, sts.assume_role(RoleArn=first, RoleSessionName="one")["Credentials"], "sts")
    session.assume_role(RoleArn=second, RoleSessionName="two")
    with pytest.raises(ClientError, match="1 hour session limit"):
        session.assume_role(RoleArn=second, RoleSessionName="two", DurationSeconds=3601)
