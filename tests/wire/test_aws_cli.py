"""The first story with the real aws CLI: a user made, refused, allowed through a group; roles across two accounts."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from pytest_django.live_server_helper import LiveServer

from accounts.caller import Caller
from iamconsole.operations import door
from tests.cast import ACCOUNT_ID, ALICE_ARN, CHARLIE_ARN, OTHER_ACCOUNT_ID
from tests.wire.aws_cli import Cli
from tests.world import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)
READ = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "iam:ListUsers", "Resource": "*"}}


@pytest.fixture
def people(transactional_db: None) -> World:
    return make_world()


def key_of(caller: Caller) -> dict[str, str]:
    made: Any = door.perform(caller, "iam:CreateAccessKey", {"UserName": caller.name})["AccessKey"]
    return {"AccessKeyId": made["AccessKeyId"], "SecretAccessKey": made["SecretAccessKey"].reveal()}


def trust(arn: str) -> str:
    statement = {"Effect": "Allow", "Principal": {"AWS": arn}, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def test_it_tells_the_first_story(live_server: LiveServer, people: World) -> None:
    alice = Cli(live_server.url, key_of(people.alice))
    assert alice("sts", "get-caller-identity")["Arn"] == ALICE_ARN
    alice("iam", "create-user", "--user-name", "dana", "--tags", "Key=team,Value=blue")
    alice("iam", "create-group", "--group-name", "readers")
    dana = Cli(live_server.url, alice("iam", "create-access-key", "--user-name", "dana")["AccessKey"])
    assert (
        f"(AccessDenied) when calling the ListUsers operation: User: arn:aws:iam::{ACCOUNT_ID}:user/dana is not "
        f"authorized to perform: iam:ListUsers on resource: arn:aws:iam::{ACCOUNT_ID}:user/ because no identity-based "
        "policy allows the iam:ListUsers action"
    ) in dana.refused("iam", "list-users")
    named = ("--policy-name", "read", "--policy-document", json.dumps(READ))
    policy = alice("iam", "create-policy", *named)["Policy"]["Arn"]
    alice("iam", "attach-group-policy", "--group-name", "readers", "--policy-arn", policy)
    alice("iam", "add-user-to-group", "--group-name", "readers", "--user-name", "dana")
    listed = dana("iam", "list-users", "--query", "Users[].UserName", "--page-size", "1")
    assert listed == ["alice", "bob", "dana"]


def test_it_goes_to_another_account_and_back(live_server: LiveServer, people: World) -> None:
    alice, charlie = (Cli(live_server.url, key_of(each)) for each in (people.alice, people.charlie))
    here, there = "arn:aws:iam::{}:role/visitor", "arn:aws:sts::{}:assumed-role/visitor/visit"
    for owner, guest in ((alice, CHARLIE_ARN), (charlie, there.format(ACCOUNT_ID))):
        owner("iam", "create-role", "--role-name", "visitor", "--assume-role-policy-document", trust(guest))
    going = json.dumps({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:*", "Resource": "*"}})
    given = ("--role-name", "visitor", "--policy-name", "go", "--policy-document", going)
    alice("iam", "put-role-policy", *given)
    over = charlie("sts", "assume-role", "--role-arn", here.format(ACCOUNT_ID), "--role-session-name", "visit")
    visitor = Cli(live_server.url, over["Credentials"])
    assert visitor("sts", "get-caller-identity")["Arn"] == there.format(ACCOUNT_ID)
    assert "no identity-based policy allows the iam:ListUsers action" in visitor.refused("iam", "list-users")
    role = ("--role-arn", here.format(OTHER_ACCOUNT_ID), "--role-session-name", "home")
    back = Cli(live_server.url, visitor("sts", "assume-role", *role)["Credentials"])
    assert back("sts", "get-caller-identity")["Account"] == OTHER_ACCOUNT_ID
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=3_602)):
        assert "(ExpiredToken)" in visitor.refused("sts", "get-caller-identity")
