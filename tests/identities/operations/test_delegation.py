"""Delegation requests: asked by one account, decided in another, good for a while and for what the policy says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command

from accounts.caller import Caller
from iamconsole.operations import door
from iamconsole.operations.errors import ApiError
from identities import temporary
from identities.models import DelegationRequest, DelegationTemplate
from tests.cast import ACCOUNT_ID, OTHER_ACCOUNT_ID
from tests.identities.steps import do, error
from tests.world import World, allow

DOCUMENT = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Action": "iam:GetUser", "Resource": "@{userArns}"},
        {"Effect": "Allow", "Action": ["iam:ListUsers"], "Resource": ["arn:aws:iam::@{ownerId}:user/"]},
    ],
}
USERS = [f"arn:aws:iam::{ACCOUNT_ID}:user/alice", f"arn:aws:iam::{ACCOUNT_ID}:user/bob"]


@pytest.fixture
def partner(world: World, tmp_path: Path) -> World:
    """charlie's account may ask others by a template."""
    file = tmp_path / "template.json"
    file.write_text(json.dumps(DOCUMENT))
    call_command("delegation_template", OTHER_ACCOUNT_ID, "users", str(file), stdout=StringIO())
    return world


def asked(caller: Caller, **other: object) -> str:
    parameters = [
        {"Name": "userArns", "Values": USERS, "Type": "stringList"},
        {"Name": "ownerId", "Values": [ACCOUNT_ID], "Type": "string"},
    ]
    given: Mapping[str, Any] = {
        "Description": "Look around",
        "Permissions": {
            "PolicyTemplateArn": f"arn:aws:iam::{OTHER_ACCOUNT_ID}:delegation-template/users",
            "Parameters": parameters,
        },
        "RequestorWorkflowId": "workflow-1",
        "NotificationChannel": "arn:aws:sns:us-east-1:444455556666:notices",
        "SessionDuration": 3_600,
        **other,
    }
    return str(do(caller, "CreateDelegationRequest", **given)["DelegationRequestId"])


def shown(caller: Caller, request: str, **more: object) -> dict[str, Any]:
    return do(caller, "GetDelegationRequest", DelegationRequestId=request, **more)


def go(caller: Caller, request: str, *steps: str) -> None:
    for step in steps:
        do(caller, f"{step}", DelegationRequestId=request)


TAKE, ACCEPT, SEND = "AssociateDelegationRequest", "AcceptDelegationRequest", "SendDelegationToken"


def token(account: str = OTHER_ACCOUNT_ID) -> str:
    out = StringIO()
    call_command("delegation_notices", account, stdout=out)
    text: str = json.loads(out.getvalue().splitlines()[0])["ExchangeToken"]
    return text


def exchange(caller: Caller, text: str) -> dict[str, Any]:
    return door.perform(caller, "sts:GetDelegatedAccessToken", {"TradeInToken": text})


def session(answer: dict[str, Any]) -> Caller:
    key = answer["Credentials"]
    said = temporary.read(key["SessionToken"], key["AccessKeyId"])
    assert said is not None
    return said.caller


def test_it_delegates_what_was_asked_and_no_more(partner: World) -> None:
    request = asked(partner.charlie, OwnerAccountId=ACCOUNT_ID)
    go(partner.alice, request, TAKE, ACCEPT, SEND)
    answer = exchange(partner.charlie, token())
    caller = session(answer)
    assert answer["AssumedPrincipal"] == caller.arn == partner.alice.arn
    assert do(caller, "GetUser", UserName="bob")["User"]["UserName"] == "bob"
    do(caller, "ListUsers")
    code, message = error(caller, "ListRoles")
    assert (code, message.endswith("no session policy allows the iam:ListRoles action")) == ("AccessDenied", True)


def test_it_delegates_no_more_than_the_approver_has(partner: World) -> None:
    request = asked(partner.charlie, OwnerAccountId=ACCOUNT_ID)
    allow(partner.bob, "iam:*DelegationRequest", "iam:SendDelegationToken", "iam:ListUsers")
    go(partner.bob, request, TAKE, ACCEPT, SEND)
    caller = session(exchange(partner.charlie, token()))
    do(caller, "ListUsers")
    assert error(caller, "GetUser", UserName="alice")[0] == "AccessDenied"


def test_it_ends_with_the_time_asked_for_counted_from_sending(partner: World) -> None:
    request = asked(partner.charlie, OwnerAccountId=ACCOUNT_ID)
    go(partner.alice, request, TAKE, ACCEPT, SEND)
    text = token()
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=50)):
        found = session(exchange(partner.charlie, text)).session
        assert found is not None
        assert found.expires_at - datetime.now(UTC).timestamp() < 601
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=61)), pytest.raises(ApiError) as raised:
        exchange(partner.charlie, text)
    assert raised.value.code == "ExpiredTradeInTokenException"


def test_it_gives_nothing_for_tokens_of_others_or_made_up_ones(partner: World) -> None:
    request = asked(partner.charlie, OwnerAccountId=ACCOUNT_ID)
    go(partner.alice, request, TAKE, ACCEPT, SEND)
    text = token()
    changed = text[:-8] + ("AAAA" if text[-8:-4] != "AAAA" else "BBBB") + text[-4:]
    tries = [
        (partner.alice, text),
        (partner.charlie, changed),
        (partner.charlie, "x"),
        (partner.charlie, f"{request}."),
    ]
    for caller, wrong in tries:
        with pytest.raises(ApiError) as raised:
            exchange(caller, wrong)
        assert raised.value.code == "ExpiredTradeInTokenException"


def test_it_tells_of_no_token_before_it_is_sent(partner: World) -> None:
    request = asked(partner.charlie, OwnerAccountId=ACCOUNT_ID)
    go(partner.alice, request, TAKE, ACCEPT)
    with pytest.raises(KeyError):
        token()


def test_it_shows_the_policy_as_it_will_be(partner: World) -> None:
    request = asked(partner.charlie, RequestMessage="please", RedirectUrl="https://partner.example/done")
    found = shown(partner.alice, request)["DelegationRequest"]
    assert json.loads(found["PermissionPolicy"])["Statement"][0]["Resource"] == USERS
    assert (found["State"], found["RequestorId"], found["RequestMessage"]) == ("UNASSIGNED", OTHER_ACCOUNT_ID, "please")
    assert {"OwnerId", "OwnerAccountId", "Notes", "ApproverId"}.isdisjoint(found)
    summary = do(
        partner.alice, "GetHumanReadableSummary", EntityArn=f"arn:aws:iam::{ACCOUNT_ID}:delegation-request/{request}"
    )
    assert (summary["SummaryState"], "iam:GetUser" in summary["SummaryContent"]) == ("AVAILABLE", True)
    named = {"EntityArn": f"arn:aws:iam::{ACCOUNT_ID}:delegation-request/{request}", "Locale": "fr-FR"}
    assert do(partner.alice, "GetHumanReadableSummary", **named)["SummaryState"] == "NOT_SUPPORTED"


def test_it_goes_through_its_states(partner: World) -> None:
    request = asked(partner.charlie)
    assert error(partner.alice, ACCEPT, DelegationRequestId=request)[0] == "InvalidInput"
    assert do(partner.alice, "ListDelegationRequests")["DelegationRequests"] == []
    go(partner.alice, request, TAKE)
    assert error(partner.alice, TAKE, DelegationRequestId=request)[0] == "InvalidInput"
    do(partner.alice, "UpdateDelegationRequest", DelegationRequestId=request, Notes="for the boss")
    found = shown(partner.alice, request)["DelegationRequest"]
    assert (found["State"], found["Notes"], found["OwnerId"]) == ("PENDING_APPROVAL", "for the boss", partner.alice.arn)
    go(partner.alice, request, ACCEPT)
    do(partner.alice, "RejectDelegationRequest", DelegationRequestId=request, Notes="after all not")
    (listed,) = do(partner.alice, "ListDelegationRequests", OwnerId=partner.alice.arn)["DelegationRequests"]
    assert (listed["State"], listed["RejectionReason"]) == ("REJECTED", "after all not")
    assert error(partner.alice, SEND, DelegationRequestId=request)[0] == "InvalidInput"
    assert do(partner.alice, "ListDelegationRequests", OwnerId=partner.bob.arn)["DelegationRequests"] == []


@pytest.mark.parametrize(("steps", "days"), [((), 1), ((TAKE,), 7), ((TAKE, ACCEPT), 7)])
def test_it_expires_when_nobody_acts(partner: World, steps: tuple[str, ...], days: int) -> None:
    request = asked(partner.charlie, OwnerAccountId=ACCOUNT_ID)
    go(partner.alice, request, *steps)
    for hours, expired in ((-1, False), (1, True)):
        with time_machine.travel(datetime.now(UTC) + timedelta(days=days, hours=hours)):
            assert (shown(partner.alice, request)["DelegationRequest"]["State"] == "EXPIRED") is expired
    with time_machine.travel(datetime.now(UTC) + timedelta(days=days, hours=1)):
        assert error(partner.alice, "RejectDelegationRequest", DelegationRequestId=request)[0] == "InvalidInput"


def test_it_lets_its_owner_look_without_further_permission(partner: World) -> None:
    request = asked(partner.charlie, OwnerAccountId=ACCOUNT_ID)
    assert error(partner.bob, "GetDelegationRequest", DelegationRequestId=request)[0] == "AccessDenied"
    allow(partner.bob, "iam:AssociateDelegationRequest")
    go(partner.bob, request, TAKE)
    shown(partner.bob, request)
    do(partner.bob, "UpdateDelegationRequest", DelegationRequestId=request)
    assert error(partner.bob, ACCEPT, DelegationRequestId=request)[0] == "AccessDenied"


def test_it_is_the_owner_accounts_alone(partner: World) -> None:
    request = asked(partner.charlie, OwnerAccountId=ACCOUNT_ID)
    for name in ("GetDelegationRequest", TAKE, ACCEPT, "RejectDelegationRequest", SEND, "UpdateDelegationRequest"):
        assert error(partner.charlie, name, DelegationRequestId=request)[0] == "NoSuchEntity"
    open_to_all = asked(partner.charlie, RequestorWorkflowId="workflow-2")
    go(partner.alice, open_to_all, TAKE)
    assert error(partner.charlie, "GetDelegationRequest", DelegationRequestId=open_to_all)[0] == "NoSuchEntity"


def test_it_is_sent_by_its_owner_where_that_was_asked(partner: World) -> None:
    request = asked(partner.charlie, OwnerAccountId=ACCOUNT_ID, OnlySendByOwner=True)
    allow(partner.bob, "iam:AssociateDelegationRequest", "iam:SendDelegationToken")
    go(partner.bob, request, TAKE)
    go(partner.alice, request, ACCEPT)
    assert error(partner.alice, SEND, DelegationRequestId=request)[0] == "InvalidInput"
    go(partner.bob, request, SEND)


def test_it_lets_root_accept_four_hours_at_most(partner: World) -> None:
    request = asked(partner.charlie, OwnerAccountId=ACCOUNT_ID, SessionDuration=4 * 3_600 + 1)
    go(partner.root, request, TAKE)
    assert error(partner.root, ACCEPT, DelegationRequestId=request)[0] == "InvalidInput"
    shorter = asked(partner.charlie, OwnerAccountId=ACCOUNT_ID, RequestorWorkflowId="workflow-2")
    go(partner.root, shorter, TAKE, ACCEPT, SEND)
    out = StringIO()
    call_command("delegation_notices", OTHER_ACCOUNT_ID, stdout=out)
    text = json.loads(out.getvalue().splitlines()[1])["ExchangeToken"]
    caller = session(exchange(partner.charlie, text))
    do(caller, "ListUsers")
    assert error(caller, "ListRoles")[0] == "AccessDenied"


@pytest.mark.parametrize(
    ("actions", "result"),
    [(("iam:GetUser", "iam:ListUsers"), "ALLOWED"), (("iam:GetUser",), "DENIED")],
)
def test_it_checks_whether_the_caller_could_delegate_it(partner: World, actions: tuple[str, ...], result: str) -> None:
    request = asked(partner.charlie, OwnerAccountId=ACCOUNT_ID)
    allow(partner.bob, "iam:GetDelegationRequest", *actions)
    found = shown(partner.bob, request, DelegationPermissionCheck=True)
    assert (found["PermissionCheckStatus"], found["PermissionCheckResult"]) == ("COMPLETE", result)


def test_it_is_not_sure_of_patterns(partner: World) -> None:
    DelegationRequest.objects.all().delete()
    request = asked(partner.charlie, OwnerAccountId=ACCOUNT_ID)
    wide = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "iam:*", "Resource": "*"}}
    DelegationRequest.objects.update(policy=json.dumps(wide))
    assert shown(partner.alice, request, DelegationPermissionCheck=True)["PermissionCheckResult"] == "UNSURE"


@pytest.mark.parametrize(
    "parameters",
    [
        [],
        [{"Name": "userArns", "Values": USERS, "Type": "stringList"}],
        [{"Name": "ownerId", "Values": ["1", "2"], "Type": "string"}, {"Name": "userArns", "Values": ["a"]}],
        [
            {"Name": "ownerId", "Values": ["1"]},
            {"Name": "userArns", "Values": ["a"]},
            {"Name": "other", "Values": ["b"]},
        ],
        [{"Name": "ownerId", "Values": ["1"]}, {"Name": "userArns", "Values": ["a" * 2_048]}],
    ],
    ids=range(5),
)
def test_it_refuses_parameters_that_do_not_fit(partner: World, parameters: list[dict[str, object]]) -> None:
    arn = f"arn:aws:iam::{OTHER_ACCOUNT_ID}:delegation-template/users"
    with pytest.raises(ApiError) as raised:
        asked(partner.charlie, Permissions={"PolicyTemplateArn": arn, "Parameters": parameters})
    assert raised.value.code == "InvalidInput"


def test_it_refuses_strange_templates_and_a_second_request_of_a_workflow(partner: World) -> None:
    with pytest.raises(ApiError) as raised:
        asked(partner.alice)
    assert raised.value.code == "InvalidInput"
    asked(partner.charlie)
    with pytest.raises(ApiError) as raised:
        asked(partner.charlie)
    assert raised.value.code == "EntityAlreadyExists"


@pytest.mark.parametrize(
    ("account", "name", "text"),
    [
        (OTHER_ACCOUNT_ID, "x", "["),
        (OTHER_ACCOUNT_ID, "x", "[]"),
        (OTHER_ACCOUNT_ID, "a b", "{}"),
        ("999999999999", "x", "{}"),
    ],
)
def test_it_registers_no_template_that_is_none(
    world: World, tmp_path: Path, account: str, name: str, text: str
) -> None:
    file = tmp_path / "template.json"
    file.write_text(text)
    with pytest.raises(CommandError):
        call_command("delegation_template", account, name, str(file))
    with pytest.raises(CommandError):
        call_command("delegation_template", account, name, str(tmp_path / "missing"))
    assert not DelegationTemplate.objects.exists()


def test_it_leaves_templates_and_notices_to_the_installation(world: World) -> None:
    for name in ("PutDelegationTemplate", "ListDelegationNotices"):
        with pytest.raises(ApiError) as raised:
            given = {"Name": "x", "Document": "{}"} if name.startswith("Put") else {}
            door.perform(replace(world.alice), f"iamconsole:{name}", given)
        assert raised.value.code == "AccessDenied"
