"""SSH public keys, text by text."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.identities import papers
from tests.identities.steps import do, error
from tests.world import World

UNKNOWN = "APKA" + "A" * 16


def upload(world: World, body: str | None = None, user: str = "bob") -> dict[str, Any]:
    given = {"UserName": user, "SSHPublicKeyBody": body or papers.ssh_line()}
    made: dict[str, Any] = do(world.alice, "UploadSSHPublicKey", **given)["SSHPublicKey"]
    return made


def show(world: World, key_id: str, encoding: str) -> dict[str, Any]:
    given = {"UserName": "bob", "SSHPublicKeyId": key_id, "Encoding": encoding}
    found: dict[str, Any] = do(world.alice, "GetSSHPublicKey", **given)["SSHPublicKey"]
    return found


def listed(world: World, user: str = "bob") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = do(world.alice, "ListSSHPublicKeys", UserName=user)["SSHPublicKeys"]
    return found


def test_it_answers_an_upload_with_id_and_fingerprint(world: World) -> None:
    made = upload(world)
    assert (made["UserName"], made["Status"], made["SSHPublicKeyBody"]) == ("bob", "Active", papers.ssh_line())
    assert re.fullmatch("APKA[A-Z2-7]{16}", made["SSHPublicKeyId"])
    assert re.fullmatch("([0-9a-f]{2}:){15}[0-9a-f]{2}", made["Fingerprint"])


@pytest.mark.parametrize("body", [papers.ssh_line(), papers.public_pem()], ids=["ssh", "pem"])
def test_it_shows_a_key_in_both_encodings(world: World, body: str) -> None:
    key_id = upload(world, body)["SSHPublicKeyId"]
    assert show(world, key_id, "SSH")["SSHPublicKeyBody"] == papers.ssh_line().rpartition(" ")[0]
    assert show(world, key_id, "PEM")["SSHPublicKeyBody"] == papers.public_pem()


def test_it_lists_keys_without_their_bodies(world: World) -> None:
    made = upload(world)
    wanted = {key: made[key] for key in ("UserName", "SSHPublicKeyId", "Status", "UploadDate")}
    assert (listed(world), listed(world, "alice")) == ([wanted], [])


def test_it_means_the_caller_without_a_name(world: World) -> None:
    upload(world, user="alice")
    assert len(do(world.alice, "ListSSHPublicKeys")["SSHPublicKeys"]) == 1
    expected = ("ValidationError", "Must specify userName when calling with non-User credentials")
    assert error(world.root, "ListSSHPublicKeys") == expected


def test_it_switches_off_and_on(world: World) -> None:
    which = {"UserName": "bob", "SSHPublicKeyId": upload(world)["SSHPublicKeyId"]}
    for status in ("Inactive", "Active"):
        do(world.alice, "UpdateSSHPublicKey", **which, Status=status)
        assert listed(world)[0]["Status"] == status
    expected = ("InvalidInput", "The status of an SSH public key can be set to Active or Inactive.")
    assert error(world.alice, "UpdateSSHPublicKey", **which, Status="Expired") == expected


def test_it_deletes_only_the_users_own(world: World) -> None:
    key_id = upload(world)["SSHPublicKeyId"]
    missing = ("NoSuchEntity", f"The Public Key with id {key_id} cannot be found.")
    assert error(world.alice, "DeleteSSHPublicKey", UserName="alice", SSHPublicKeyId=key_id) == missing
    do(world.alice, "DeleteSSHPublicKey", UserName="bob", SSHPublicKeyId=key_id)
    assert listed(world) == []


@pytest.mark.parametrize(
    ("body", "code", "text"),
    [
        ("hello", "UnrecognizedPublicKeyEncoding", "Invalid public key uploaded."),
        ("ssh-ed25519 AAAA", "UnrecognizedPublicKeyEncoding", "Invalid public key uploaded."),
        ("ssh-rsa AAAA", "InvalidPublicKey", "The public key is malformed or invalid."),
        ("ssh-rsa é", "InvalidPublicKey", "The public key is malformed or invalid."),
        ("-----BEGIN PUBLIC KEY-----\nAAAA", "InvalidPublicKey", "The public key is malformed or invalid."),
        (papers.private_pem(), "InvalidPublicKey", "The public key is malformed or invalid."),
        (
            papers.ssh_line("small"),
            "InvalidPublicKey",
            "The public key must be an RSA key of at least 2048 bits.",
        ),
    ],
    ids=["garbage", "another kind", "broken", "beyond ASCII", "broken PEM", "a private key", "too small"],
)
def test_it_refuses_a_key(world: World, body: str, code: str, text: str) -> None:
    given = {"UserName": "bob", "SSHPublicKeyBody": body}
    assert error(world.alice, "UploadSSHPublicKey", **given) == (code, text)


def test_it_refuses_a_users_key_twice_in_whatever_encoding(world: World) -> None:
    upload(world)
    given = {"UserName": "bob", "SSHPublicKeyBody": papers.public_pem()}
    expected = ("DuplicateSSHPublicKey", "The SSH public key is already associated with the specified IAM user.")
    assert error(world.alice, "UploadSSHPublicKey", **given) == expected
    upload(world, user="alice")


def test_it_takes_five_of_a_user(world: World) -> None:
    for name in ("first", "second", "root", "middle", "fifth"):
        upload(world, papers.ssh_line(name))
    given = {"UserName": "bob", "SSHPublicKeyBody": papers.ssh_line("sixth")}
    expected = ("LimitExceeded", "Cannot exceed quota for SSHPublicKeysPerUser: 5")
    assert error(world.alice, "UploadSSHPublicKey", **given) == expected


def test_it_does_not_know_another_accounts_user(world: World) -> None:
    given = {"UserName": "bob", "SSHPublicKeyId": UNKNOWN, "Encoding": "SSH"}
    assert error(world.charlie, "GetSSHPublicKey", **given) == (
        "NoSuchEntity",
        "The user with name bob cannot be found.",
    )
