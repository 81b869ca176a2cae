"""Encoded authorization messages: made on purpose, read by their own account."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from iamconsole.events.models import Event
from iamconsole.operations import door
from iamconsole.operations.errors import AccessDenied, ApiError
from identities import authorization_messages
from tests.cast import ACCOUNT_ID
from tests.world import World, allow


def refused_event(world: World) -> Event:
    with pytest.raises(AccessDenied):
        door.perform(world.bob, "iam:CreateUser", {"UserName": "dana"})
    return Event.objects.get(name="CreateUser")


def decoded(caller: Any, text: str) -> Any:
    answer = door.perform(caller, "sts:DecodeAuthorizationMessage", {"EncodedMessage": text})
    return json.loads(str(answer["DecodedMessage"]))


def test_it_tells_the_decision_of_a_recorded_call(world: World) -> None:
    allow(world.bob, "iam:CreateUser", effect="Deny")
    event, out = refused_event(world), io.StringIO()
    call_command("authorization_message", ACCOUNT_ID, str(event.event_id), stdout=out)
    message = decoded(world.alice, out.getvalue().strip())
    assert (message["allowed"], message["explicitDeny"]) == (False, True)
    assert message["matchedStatements"]["items"][0]["effect"] == "DENY"
    context = message["context"]
    assert (context["principal"]["arn"], context["action"]) == (world.bob.arn, "iam:CreateUser")
    conditions = {each["key"]: each["values"]["items"] for each in context["conditions"]["items"]}
    assert conditions["aws:username"] == [{"value": "bob"}]


@pytest.mark.parametrize("text", ["x", "AAAA", "é", "a" * 10_240, "azE6QUFBQQ=="])
def test_it_refuses_what_it_did_not_encode(world: World, text: str) -> None:
    with pytest.raises(ApiError) as raised:
        decoded(world.alice, text)
    assert (raised.value.code, raised.value.status) == ("InvalidAuthorizationMessageException", 400)


def test_it_refuses_a_message_of_another_account(world: World) -> None:
    text = authorization_messages.encode({"allowed": True}, ACCOUNT_ID)
    assert decoded(world.alice, text) == {"allowed": True}
    with pytest.raises(ApiError, match="Message is not valid"):
        decoded(world.charlie, text)


@pytest.mark.parametrize("event", ["x", "00000000-0000-0000-0000-000000000000"])
def test_it_knows_no_such_event(world: World, event: str) -> None:
    with pytest.raises(CommandError, match="cannot be found"):
        call_command("authorization_message", ACCOUNT_ID, event)
