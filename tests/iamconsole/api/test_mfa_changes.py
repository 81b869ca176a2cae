"""Whoever has an MFA device changes devices after signing in with one only: every way there is, through real boto3.

Source: AWS security bulletin AWS-2023-001.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from pytest_django.live_server_helper import LiveServer

from iamconsole.operations.door import perform
from iamconsole.operations.secrets import Secret
from identities.models import MfaDevice
from tests.cast import ALICE_ARN
from tests.iamconsole.api.test_endpoint import client, key_of, people, refused
from tests.iamconsole.api.test_sts import as_session, make_role, trust
from tests.identities.passkey_steps import give_passkey
from tests.identities.steps import codes, enable, new_device
from tests.world import World

__all__ = ["people"]
pytestmark = pytest.mark.django_db(transaction=True)
TOKEN, SEED = "GAHT12345678", Secret("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
FIRST = "only after signing in with the one already assigned"


def changes(world: World) -> Mapping[str, dict[str, Any]]:
    """Every call that changes alice's devices: her phone is assigned, her tablet and her token are not."""
    phone, seed = enable(world.alice, "alice")
    tablet, other = new_device(world.alice, "tablet")
    perform(world.alice, "iamconsole:RegisterMFAToken", {"SerialNumber": TOKEN, "Seed": SEED})
    return {
        "deactivate": {"UserName": "alice", "SerialNumber": phone},
        "resync": {"UserName": "alice", "SerialNumber": phone, **codes(seed, 5)},
        "enable": {"UserName": "alice", "SerialNumber": tablet, **codes(other)},
        "enable token": {"UserName": "alice", "SerialNumber": TOKEN, **codes(SEED)},
        "seed": {"seed": seed},
    }


def test_it_holds_long_term_keys_off(live_server: LiveServer, people: World) -> None:
    iam, given = client(live_server, key_of(people.alice, people.alice)), changes(people)
    for call, name in (
        (iam.deactivate_mfa_device, "deactivate"),
        (iam.resync_mfa_device, "resync"),
        (iam.enable_mfa_device, "enable"),
        (iam.enable_mfa_device, "enable token"),
    ):
        error = refused(call, **given[name])
        assert error["Code"] == "AccessDenied" and FIRST in error["Message"], name
    assert [device.name for device in MfaDevice.objects.filter(enabled_at__isnull=False)] == ["phone"]


def test_it_holds_sessions_without_mfa_off(live_server: LiveServer, people: World) -> None:
    sts, given = client(live_server, key_of(people.alice, people.alice), "sts"), changes(people)
    iam = as_session(live_server, sts.get_session_token()["Credentials"])
    for call, name in (
        (iam.deactivate_mfa_device, "deactivate"),
        (iam.resync_mfa_device, "resync"),
        (iam.enable_mfa_device, "enable"),
    ):
        assert refused(call, **given[name])["Code"] == "InvalidClientTokenId", name


def test_it_lets_a_session_with_mfa_change_them(live_server: LiveServer, people: World) -> None:
    sts, given = client(live_server, key_of(people.alice, people.alice), "sts"), changes(people)
    serial, seed = given["deactivate"]["SerialNumber"], given["seed"]["seed"]
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=5)):
        code = codes(seed)["AuthenticationCode2"]
        iam = as_session(live_server, sts.get_session_token(SerialNumber=serial, TokenCode=code)["Credentials"])
        iam.enable_mfa_device(UserName="alice", SerialNumber=TOKEN, **codes(SEED))
        iam.deactivate_mfa_device(**given["deactivate"])
    assert [device.serial for device in MfaDevice.objects.filter(enabled_at__isnull=False)] == [TOKEN]


def test_it_makes_virtual_devices_for_nobody(live_server: LiveServer, people: World) -> None:
    """Making one takes no MFA, as on AWS: administrators make them for others. It is worth nothing until assigned."""
    enable(people.alice, "alice")
    iam = client(live_server, key_of(people.alice, people.alice))
    made = iam.create_virtual_mfa_device(VirtualMFADeviceName="spare")["VirtualMFADevice"]
    assert [device["SerialNumber"] for device in iam.list_mfa_devices()["MFADevices"]] != [made["SerialNumber"]]
    assert MfaDevice.objects.get(pk=made["SerialNumber"]).enabled_at is None
    iam.delete_virtual_mfa_device(SerialNumber=made["SerialNumber"])


def test_it_lets_an_administrator_help_others(live_server: LiveServer, people: World) -> None:
    enable(people.alice, "alice")
    serial = give_passkey(people.alice, "bob").serial
    iam = client(live_server, key_of(people.alice, people.alice))
    assert [device["SerialNumber"] for device in iam.list_mfa_devices(UserName="bob")["MFADevices"]] == [serial]
    iam.deactivate_mfa_device(UserName="bob", SerialNumber=serial)
    assert iam.list_mfa_devices(UserName="bob")["MFADevices"] == []


def test_it_takes_no_passkey_for_a_code(live_server: LiveServer, people: World) -> None:
    serial = give_passkey(people.alice, "alice").serial
    sts = client(live_server, key_of(people.alice, people.alice), "sts")
    error = refused(sts.get_session_token, SerialNumber=serial, TokenCode="123456")
    assert error["Code"] == "AccessDenied" and "verify your MFA serial number" in error["Message"]


def test_it_shows_mfa_of_a_session_to_the_trust_of_a_role(live_server: LiveServer, people: World) -> None:
    condition = {
        "Bool": {"aws:MultiFactorAuthPresent": "true"},
        "NumericLessThan": {"aws:MultiFactorAuthAge": "3600"},
    }
    arn = make_role(people.alice, trust(ALICE_ARN, Condition=condition))
    sts = client(live_server, key_of(people.alice, people.alice), "sts")
    perform(people.alice, "iamconsole:RegisterMFAToken", {"SerialNumber": TOKEN, "Seed": SEED})
    perform(people.alice, "iam:EnableMFADevice", {"UserName": "alice", "SerialNumber": TOKEN, **codes(SEED)})
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=5), tick=False) as clock:
        code = codes(SEED)["AuthenticationCode2"]
        strong = sts.get_session_token(SerialNumber=TOKEN, TokenCode=code)["Credentials"]
        session = as_session(live_server, strong, "sts")
        assert session.assume_role(RoleArn=arn, RoleSessionName="work")["Credentials"]
        assert refused(sts.assume_role, RoleArn=arn, RoleSessionName="work")["Code"] == "AccessDenied"
        clock.shift(timedelta(minutes=61))
        assert refused(session.assume_role, RoleArn=arn, RoleSessionName="work")["Code"] == "AccessDenied"
