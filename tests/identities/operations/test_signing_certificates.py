"""Signing certificates, text by text."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.caller import Caller
from tests.cast import ACCOUNT_ID
from tests.identities import papers
from tests.identities.steps import do, error
from tests.world import World


def upload(caller: Caller, subject: str = "one", **user: object) -> dict[str, Any]:
    body = papers.certificate(subject)
    made: dict[str, Any] = do(caller, "UploadSigningCertificate", CertificateBody=body, **user)["Certificate"]
    return made


def listed(caller: Caller, **user: object) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = do(caller, "ListSigningCertificates", **user)["Certificates"]
    return found


def test_it_lists_what_was_uploaded(world: World) -> None:
    made = upload(world.alice, UserName="bob")
    assert (made["UserName"], made["Status"], made["CertificateBody"]) == ("bob", "Active", papers.certificate("one"))
    assert len(made["CertificateId"]) == 32
    assert listed(world.alice, UserName="bob") == [made]


def test_it_means_the_caller_without_a_name(world: World) -> None:
    assert upload(world.alice)["UserName"] == "alice"
    assert upload(world.root, "two")["UserName"] == ACCOUNT_ID
    assert [len(listed(caller)) for caller in (world.alice, world.root)] == [1, 1]


def test_it_says_that_root_has_one(world: World) -> None:
    upload(world.alice)
    before = do(world.alice, "GetAccountSummary")["SummaryMap"]["AccountSigningCertificatesPresent"]
    upload(world.root, "two")
    after = do(world.alice, "GetAccountSummary")["SummaryMap"]["AccountSigningCertificatesPresent"]
    assert (before, after) == (0, 1)


def test_it_switches_off_and_on(world: World) -> None:
    which = {"UserName": "bob", "CertificateId": upload(world.alice, UserName="bob")["CertificateId"]}
    for status in ("Inactive", "Active"):
        do(world.alice, "UpdateSigningCertificate", **which, Status=status)
        assert listed(world.alice, UserName="bob")[0]["Status"] == status
    expected = ("InvalidInput", "The status of a signing certificate can be set to Active or Inactive.")
    assert error(world.alice, "UpdateSigningCertificate", **which, Status="Expired") == expected


def test_it_deletes_only_the_users_own(world: World) -> None:
    made = upload(world.alice, UserName="bob")["CertificateId"]
    missing = ("NoSuchEntity", f"The Certificate with id {made} cannot be found.")
    assert error(world.alice, "DeleteSigningCertificate", UserName="alice", CertificateId=made) == missing
    do(world.alice, "DeleteSigningCertificate", UserName="bob", CertificateId=made)
    assert listed(world.alice, UserName="bob") == []


def test_it_refuses_what_is_no_certificate(world: World) -> None:
    expected = "Certificate no certificate is malformed."
    given = {"UserName": "bob", "CertificateBody": "no certificate"}
    assert error(world.alice, "UploadSigningCertificate", **given) == ("MalformedCertificate", expected)


def test_it_refuses_a_certificate_somebody_has(world: World) -> None:
    upload(world.alice, UserName="bob")
    given = {"UserName": "alice", "CertificateBody": papers.certificate("one") + "\n"}
    expected = ("DuplicateCertificate", "The certificate is already associated with an IAM user in the account.")
    assert error(world.alice, "UploadSigningCertificate", **given) == expected
    upload(world.charlie)


def test_it_takes_two_of_a_user(world: World) -> None:
    for subject in ("one", "two"):
        upload(world.alice, subject, UserName="bob")
    given = {"UserName": "bob", "CertificateBody": papers.certificate("three")}
    expected = ("LimitExceeded", "Cannot exceed quota for CertificatesPerUser: 2")
    assert error(world.alice, "UploadSigningCertificate", **given) == expected


@pytest.mark.parametrize("name", ["UploadSigningCertificate", "ListSigningCertificates", "DeleteSigningCertificate"])
def test_it_does_not_know_another_accounts_user(world: World, name: str) -> None:
    more = {"Upload": {"CertificateBody": "x"}, "Delete": {"CertificateId": "A" * 32}}.get(name[:6], {})
    expected = ("NoSuchEntity", "The user with name bob cannot be found.")
    assert error(world.charlie, name, UserName="bob", **more) == expected
