"""The credential report: AWS's columns and values, made once in four hours."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.caller import Caller
from accounts.models import Account
from identities.credential_report import render
from identities.models import AccessKey, LoginProfile, SigningCertificate, User
from tests.cast import ACCOUNT_ID, BOB_ARN, ROOT_ARN
from tests.identities.steps import PASSWORD, do, enable, error
from tests.world import World, make_user

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
HEADER = (
    "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,"
    "mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,"
    "access_key_1_last_used_region,access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,"
    "access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,"
    "cert_1_last_rotated,cert_2_active,cert_2_last_rotated"
)


def text(caller: Caller) -> str:
    do(caller, "GenerateCredentialReport")
    content = do(caller, "GetCredentialReport")["Content"]
    assert isinstance(content, bytes)
    return content.decode()


def row(caller: Caller, name: str) -> dict[str, str]:
    return next(each for each in csv.DictReader(io.StringIO(text(caller))) if each["user"] == name)


def stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00")


def test_it_has_aws_s_columns_and_ends_without_a_line_end(world: World) -> None:
    lines = text(world.alice).split("\n")
    assert lines[0] == HEADER
    assert [line.partition(",")[0] for line in lines[1:]] == ["<root_account>", "alice", "bob"]
    assert all(line.count(",") == HEADER.count(",") for line in lines)


def test_it_orders_users_without_regard_to_case(world: World) -> None:
    make_user("Anna")
    make_user("Zoe")
    users = [line.partition(",")[0] for line in text(world.alice).split("\n")[2:]]
    assert users == ["alice", "Anna", "bob", "Zoe"]


def test_it_says_of_root_what_aws_says(world: World) -> None:
    root = row(world.alice, "<root_account>")
    assert root["arn"] == ROOT_ARN
    assert root["user_creation_time"] == stamp(Account.objects.get(pk=ACCOUNT_ID).created_at)
    password = {name: value for name, value in root.items() if name.startswith("password_")}
    assert password == {
        "password_enabled": "not_supported",
        "password_last_used": "no_information",
        "password_last_changed": "not_supported",
        "password_next_rotation": "not_supported",
    }


def test_it_sees_root_s_keys_device_and_sign_in(world: World) -> None:
    Account.objects.filter(pk=ACCOUNT_ID).update(root_last_sign_in_at=NOW)
    do(world.root, "CreateAccessKey")
    enable(world.root, ACCOUNT_ID)
    root = row(world.alice, "<root_account>")
    assert (root["password_last_used"], root["mfa_active"], root["access_key_1_active"]) == (stamp(NOW), "true", "true")


def test_it_says_of_a_user_without_credentials_that_there_are_none(world: World) -> None:
    shown = row(world.alice, "bob")
    assert (shown.pop("user"), shown.pop("arn")) == ("bob", BOB_ARN)
    assert shown.pop("user_creation_time") == stamp(User.objects.get(name="bob").created_at)
    flags = {name for name in shown if name.endswith(("active", "enabled"))}
    assert {shown[name] for name in flags} == {"false"}
    assert {shown[name] for name in shown.keys() - flags} == {"N/A"}


def test_it_tells_a_password_never_used_from_none(world: World) -> None:
    do(world.alice, "CreateLoginProfile", UserName="bob", Password=PASSWORD)
    changed = LoginProfile.objects.get().changed_at
    shown = row(world.alice, "bob")
    assert (shown["password_enabled"], shown["password_last_used"]) == ("true", "no_information")
    assert (shown["password_last_changed"], shown["password_next_rotation"]) == (stamp(changed), "N/A")


def test_it_knows_when_a_password_is_due(world: World) -> None:
    do(world.alice, "UpdateAccountPasswordPolicy", MaxPasswordAge=90)
    do(world.alice, "CreateLoginProfile", UserName="bob", Password=PASSWORD)
    changed = LoginProfile.objects.get().changed_at
    LoginProfile.objects.update(last_used_at=NOW)
    shown = row(world.alice, "bob")
    assert shown["password_next_rotation"] == stamp(changed + timedelta(days=90))
    assert shown["password_last_used"] == stamp(NOW)


def test_it_shows_the_older_key_first_and_keeps_the_dates_of_an_inactive_one(world: World) -> None:
    first = do(world.alice, "CreateAccessKey", UserName="bob")["AccessKey"]["AccessKeyId"]
    do(world.alice, "CreateAccessKey", UserName="bob")
    used = {"last_used_at": NOW, "last_used_region": "us-east-1", "last_used_service": "iam"}
    AccessKey.objects.filter(pk=first).update(created_at=NOW, active=False, **used)
    shown = row(world.alice, "bob")
    assert [shown[f"access_key_1_{each}"] for each in ("active", "last_rotated", "last_used_date")] == [
        "false",
        stamp(NOW),
        stamp(NOW),
    ]
    assert (shown["access_key_1_last_used_region"], shown["access_key_1_last_used_service"]) == ("us-east-1", "iam")
    assert (shown["access_key_2_active"], shown["access_key_2_last_used_date"]) == ("true", "N/A")


def test_it_sees_devices_only_when_they_are_enabled(world: World) -> None:
    do(world.alice, "CreateVirtualMFADevice", VirtualMFADeviceName="spare")
    assert row(world.alice, "bob")["mfa_active"] == "false"
    enable(world.alice, "bob")
    with time_machine.travel(NOW + timedelta(days=9)):
        assert row(world.alice, "bob")["mfa_active"] == "true"


def test_it_shows_signing_certificates(world: World) -> None:
    SigningCertificate.objects.create(
        pk="CERT", account_id=ACCOUNT_ID, user_id=world.bob.principal_id, body="", fingerprint="", created_at=NOW
    )
    shown = row(world.alice, "bob")
    assert (shown["cert_1_active"], shown["cert_1_last_rotated"], shown["cert_2_active"]) == (
        "true",
        stamp(NOW),
        "false",
    )


def test_it_is_started_then_complete_and_the_same_for_four_hours(world: World) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        started = do(world.alice, "GenerateCredentialReport")
        assert started == {
            "State": "STARTED",
            "Description": "No report exists. Starting a new report generation task",
        }
        first = do(world.alice, "GetCredentialReport")
        assert (first["ReportFormat"], first["GeneratedTime"]) == ("text/csv", NOW)
        make_user("dana")
        clock.shift(timedelta(hours=3, minutes=59))
        assert do(world.alice, "GenerateCredentialReport") == {"State": "COMPLETE"}
        assert do(world.alice, "GetCredentialReport") == first


def test_it_expires_and_is_made_anew(world: World) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        do(world.alice, "GenerateCredentialReport")
        clock.shift(timedelta(hours=4))
        expected = "The credential report is older than four hours. Use GenerateCredentialReport again."
        assert error(world.alice, "GetCredentialReport") == ("ReportExpired", expected)
        make_user("dana")
        assert do(world.alice, "GenerateCredentialReport")["State"] == "STARTED"
        assert b"\ndana," in do(world.alice, "GetCredentialReport")["Content"]


def test_it_misses_a_report_nobody_asked_for(world: World) -> None:
    do(world.charlie, "GenerateCredentialReport")
    assert error(world.alice, "GetCredentialReport") == ("ReportNotPresent", "")


@pytest.mark.parametrize("users", [3, 30])
def test_it_asks_the_database_equally_often_however_many_users_there_are(world: World, users: int) -> None:
    for number in range(users):
        make_user(f"user-{number}")
    account = Account.objects.get(pk=ACCOUNT_ID)
    with CaptureQueriesContext(connection) as queries:
        assert render(account).count("\n") == users + 3
    assert len(queries) == 8
