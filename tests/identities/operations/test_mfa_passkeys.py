"""Passkeys as MFA devices: assigned, listed, removed, and what AWS's calls make of them."""

from __future__ import annotations

import json

import pytest

from accounts.caller import root_caller
from iamconsole.events.models import Event
from iamconsole.operations import door
from iamconsole.operations.errors import ApiError
from iamconsole.operations.secrets import Secret
from identities.models import MfaDevice, User
from identities.passkeys import Refusal
from tests.cast import ACCOUNT_ID
from tests.identities.authenticator import Authenticator
from tests.identities.passkey_steps import BOUND, begin, enable, give_passkey
from tests.identities.steps import do, error
from tests.world import World, allow, as_user


def refused(caller: object, answer: str, **more: object) -> ApiError:
    with pytest.raises(ApiError) as raised:
        enable(caller, answer, **more)  # type: ignore[arg-type]
    return raised.value


def test_it_assigns_a_passkey_to_a_user(world: World) -> None:
    serial = give_passkey(world.alice, "bob").serial
    assert serial.startswith(f"arn:aws:iam::{ACCOUNT_ID}:u2f/user/bob/yubikey-")
    (device,) = do(world.alice, "ListMFADevices", UserName="bob")["MFADevices"]
    assert (device["UserName"], device["SerialNumber"]) == ("bob", serial)
    assert do(world.alice, "GetMFADevice", UserName="bob", SerialNumber=serial) == device


def test_it_assigns_a_passkey_to_root(world: World) -> None:
    device = give_passkey(world.root)
    assert device.for_root and device.serial.startswith(f"arn:aws:iam::{ACCOUNT_ID}:u2f/root/yubikey-")
    assert do(world.root, "ListMFADevices")["MFADevices"][0]["UserName"] == ACCOUNT_ID
    assert do(world.root, "GetAccountSummary")["SummaryMap"]["AccountMFAEnabled"] == 1


def test_it_is_no_virtual_device(world: World) -> None:
    serial = give_passkey(world.alice, "bob").serial
    assert do(world.alice, "ListVirtualMFADevices")["VirtualMFADevices"] == []
    for operation, more in (("DeleteVirtualMFADevice", {}), ("TagMFADevice", {"Tags": [{"Key": "a", "Value": "b"}]})):
        assert error(world.alice, operation, SerialNumber=serial, **more)[0] == "NoSuchEntity"
    codes = {"AuthenticationCode1": "123456", "AuthenticationCode2": "234567"}
    assert error(world.alice, "EnableMFADevice", UserName="alice", SerialNumber=serial, **codes)[0] == "NoSuchEntity"
    expected = ("InvalidAuthenticationCode", "Authentication code for device is not valid")
    assert error(world.alice, "ResyncMFADevice", UserName="bob", SerialNumber=serial, **codes) == expected


def test_it_counts_in_the_credential_report(world: World) -> None:
    give_passkey(world.alice, "bob")
    do(world.alice, "GenerateCredentialReport")
    report = do(world.alice, "GetCredentialReport")["Content"].decode().splitlines()
    header = report[0].split(",")
    rows = [dict(zip(header, line.split(","), strict=True)) for line in report[1:]]
    assert {row["user"]: row["mfa_active"] for row in rows} == {
        "<root_account>": "false", "alice": "false", "bob": "true",
    }  # fmt: skip


def test_it_is_gone_when_it_is_removed_and_sessions_end(world: World) -> None:
    key = Authenticator()
    serial = give_passkey(world.alice, "bob", key).serial
    before = User.objects.get(name="bob").credential_version
    do(world.alice, "DeactivateMFADevice", UserName="bob", SerialNumber=serial)
    assert not MfaDevice.objects.exists()
    assert User.objects.get(name="bob").credential_version == before + 1
    assert give_passkey(world.alice, "alice", key).user_id == world.alice.principal_id


def test_it_keeps_a_user_with_a_passkey_from_being_deleted(world: World) -> None:
    give_passkey(world.alice, "bob")
    assert error(world.alice, "DeleteUser", UserName="bob")[0] == "DeleteConflict"


def test_it_takes_eight_devices_of_any_mix(world: World) -> None:
    from tests.identities.steps import enable as enable_app

    for number in range(4):
        enable_app(world.alice, "bob", f"phone{number}")
        give_passkey(world.alice, "bob")
    with pytest.raises(ApiError) as raised:
        begin(world.alice, "bob")
    assert (raised.value.code, raised.value.message) == (
        "LimitExceeded",
        "Cannot exceed quota for MFADevicesPerUser: 8",
    )


def test_it_needs_the_permission_of_aws(world: World) -> None:
    allow(world.bob, "iam:CreateVirtualMFADevice")
    with pytest.raises(ApiError, match="is not authorized to perform: iam:EnableMFADevice on resource: user bob "):
        begin(world.bob, "bob")
    allow(world.bob, "iam:EnableMFADevice")
    assert give_passkey(world.bob, "bob").user_id == world.bob.principal_id


def test_it_decides_making_and_assigning_apart(world: World) -> None:
    document = {"Effect": "Deny", "Action": "iam:EnableMFADevice", "Resource": "*"}
    for step in ("Create", "Activate"):
        condition = {"StringEquals": {"iam:RegisterSecurityKey": step}}
        allow_all = {"Effect": "Allow", "Action": "iam:*", "Resource": "*"}
        text = {"Version": "2012-10-17", "Statement": [allow_all, {**document, "Condition": condition}]}
        do(world.system, "PutUserPolicy", UserName="bob", PolicyName="x", PolicyDocument=json.dumps(text))
        if step == "Create":
            with pytest.raises(ApiError, match="explicit deny"):
                begin(world.bob, "bob")
        else:
            answer = Authenticator().make(begin(world.bob, "bob"))
            assert "explicit deny" in refused(world.bob, answer, user_name="bob").message


@pytest.mark.parametrize("mfa", [None, False])
def test_it_lets_nobody_past_their_own_device_without_it(world: World, mfa: bool | None) -> None:
    give_passkey(world.alice, "bob")
    allow(world.bob, "iam:*")
    bob = as_user(User.objects.get(name="bob"), mfa=mfa)
    with pytest.raises(ApiError) as raised:
        begin(bob, "bob")
    assert raised.value.code == "AccessDenied"
    # Also with options that an administrator's page fetched for bob.
    answer = Authenticator().make(begin(world.alice, "bob"))
    assert refused(bob, answer, user_name="bob").code == "AccessDenied"
    assert MfaDevice.objects.count() == 1
    assert give_passkey(as_user(User.objects.get(name="bob"), mfa=True), "bob")


def test_it_holds_root_to_its_own_passkey(world: World) -> None:
    give_passkey(world.root)
    with pytest.raises(ApiError, match="only after signing in with the one already assigned"):
        begin(world.root)
    assert give_passkey(root_caller(ACCOUNT_ID, mfa=True)).for_root


def test_it_refuses_the_options_of_another_session(world: World) -> None:
    answer = Authenticator().make(begin(world.alice, "bob", bound_to=Secret("another session")))
    assert refused(world.alice, answer, user_name="bob").message == Refusal.LATE.value


@pytest.mark.parametrize("name", ["", "a b", "x" * 129, "é", "../x"])
def test_it_checks_the_name_like_a_virtual_devices(world: World, name: str) -> None:
    with pytest.raises(ApiError) as raised:
        begin(world.alice, "bob", name)
    assert raised.value.code == "ValidationError"


def test_it_misses_an_unknown_user(world: World) -> None:
    with pytest.raises(ApiError, match="The user with name dana cannot be found"):
        begin(world.alice, "dana")


def test_it_records_who_assigned_what_without_the_answer(world: World) -> None:
    serial = give_passkey(world.alice, "bob").serial
    event = Event.objects.get(name="EnableMFADevice")
    assert event.record["responseElements"] == {"serialNumber": serial}
    asked = event.record["requestParameters"]
    assert (asked["userName"], asked["deviceName"]) == ("bob", "yubikey")
    assert "clientDataJSON" not in json.dumps(event.record) and BOUND.reveal() not in json.dumps(event.record)


def test_it_is_out_of_reach_of_aws_clients(world: World) -> None:
    with pytest.raises(ApiError):
        door.perform(world.alice, "iam:BeginPasskey", {})


def test_it_has_no_seed_to_rotate(world: World) -> None:
    from identities import sealed

    give_passkey(world.alice, "bob")
    sealed.refuse_wrong_keys()
    assert [progress.broken for progress in sealed.rotate()] == []
