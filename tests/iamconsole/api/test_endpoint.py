"""Real boto3 against the real server: keys, signatures, errors in AWS's words."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from django.test import Client
from pytest_django.live_server_helper import LiveServer

from accounts.caller import Caller
from iamconsole.events.models import Event
from iamconsole.operations import door
from iamconsole.operations.secrets import Secret
from identities.models import AccessKey
from tests.cast import ACCOUNT_ID, ALICE_ARN
from tests.world import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def people(transactional_db: None) -> World:
    return make_world()


def key_of(caller: Caller, by: Caller) -> tuple[str, str]:
    key: Any = door.perform(by, "iam:CreateAccessKey", {"UserName": caller.name})["AccessKey"]
    assert isinstance(key["SecretAccessKey"], Secret)
    return key["AccessKeyId"], key["SecretAccessKey"].reveal()


def client(server: LiveServer, key: tuple[str, str], service: str = "iam") -> Any:
    return boto3.client(
        service,
        endpoint_url=server.url,
        region_name="us-east-1",
        aws_access_key_id=key[0],
        aws_secret_access_key=key[1],
        config=Config(retries={"total_max_attempts": 1}),
    )


def refused(call: Any, **given: object) -> dict[str, Any]:
    with pytest.raises(ClientError) as caught:
        call(**given)
    return {**caught.value.response["Error"], "Status": caught.value.response["ResponseMetadata"]["HTTPStatusCode"]}


def test_it_tells_an_administrator_who_she_is(live_server: LiveServer, people: World) -> None:
    identity = client(live_server, key_of(people.alice, people.alice), "sts").get_caller_identity()
    assert (identity["Account"], identity["Arn"]) == (ACCOUNT_ID, ALICE_ARN)


def test_it_makes_and_lists_users(live_server: LiveServer, people: World) -> None:
    iam = client(live_server, key_of(people.alice, people.alice))
    made = iam.create_user(UserName="dana", Path="/staff/", Tags=[{"Key": "team", "Value": "blue / green"}])["User"]
    assert made["Arn"] == f"arn:aws:iam::{ACCOUNT_ID}:user/staff/dana"
    pages = iam.get_paginator("list_users").paginate(PaginationConfig={"PageSize": 1})
    assert [user["UserName"] for page in pages for user in page["Users"]] == ["alice", "bob", "dana"]
    assert iam.list_user_tags(UserName="dana")["Tags"] == [{"Key": "team", "Value": "blue / green"}]


def test_it_refuses_in_aws_words_and_records_it(live_server: LiveServer, people: World) -> None:
    key = key_of(people.bob, people.alice)
    error = refused(client(live_server, key).create_user, UserName="dana")
    assert (error["Code"], error["Status"]) == ("AccessDenied", 403)
    assert error["Message"] == (
        f"User: {people.bob.arn} is not authorized to perform: iam:CreateUser on resource: "
        f"arn:aws:iam::{ACCOUNT_ID}:user/dana because no identity-based policy allows the iam:CreateUser action"
    )
    event = Event.objects.get(name="CreateUser")
    assert (event.error_code, event.access_key_id) == ("AccessDenied", key[0])


def test_it_knows_no_strange_key(live_server: LiveServer, people: World) -> None:
    error = refused(client(live_server, ("AKIA" + "Z" * 16, "x" * 40)).list_users)
    assert (error["Code"], error["Status"]) == ("InvalidClientTokenId", 403)


def test_it_refuses_an_inactive_key_on_the_next_call(live_server: LiveServer, people: World) -> None:
    key = key_of(people.alice, people.alice)
    iam = client(live_server, key)
    iam.list_users()
    iam.update_access_key(UserName="alice", AccessKeyId=key[0], Status="Inactive")
    assert refused(iam.list_users)["Code"] == "InvalidClientTokenId"


def test_it_refuses_a_wrong_secret_and_stamps_nothing(live_server: LiveServer, people: World) -> None:
    key_id, _ = key_of(people.alice, people.alice)
    assert refused(client(live_server, (key_id, "x" * 40)).list_users)["Code"] == "SignatureDoesNotMatch"
    assert AccessKey.objects.get(pk=key_id).last_used_at is None


def test_it_stamps_the_use_of_a_key(live_server: LiveServer, people: World) -> None:
    key = key_of(people.alice, people.alice)
    iam = client(live_server, key)
    iam.list_users()
    used = iam.get_access_key_last_used(AccessKeyId=key[0])
    assert (used["UserName"], used["AccessKeyLastUsed"]["ServiceName"]) == ("alice", "iam")


def test_it_answers_an_operation_it_does_not_have(live_server: LiveServer, people: World) -> None:
    iam = client(live_server, key_of(people.alice, people.alice))
    error = refused(iam.acquire_role, TemplateArn="arn:aws:iam::aws:role-template/None", TemplateMinorVersion=1)
    assert (error["Code"], error["Status"]) == ("InvalidAction", 400)


def test_it_takes_no_console_session(client: Client, db: None) -> None:
    answer = client.post("/", {"Action": "ListUsers"}, content_type="application/x-www-form-urlencoded")
    assert b"<Code>" in answer.content


@pytest.mark.parametrize("body", ["Action=", "Action=List%20Users", "Action=A&Action=B", "%ff=%fe", "a" * 100])
def test_it_answers_bad_forms_with_an_error_of_the_client(client: Client, db: None, body: str) -> None:
    answer = client.post("/", body, content_type="application/x-www-form-urlencoded")
    assert (answer.status_code, b"<Type>Sender</Type>" in answer.content) == (400, True)
