"""Server certificates, text by text."""

from __future__ import annotations

from typing import Any

import pytest

from iamconsole.events.models import Event
from identities.models import ServerCertificate
from identities.quotas import QUOTAS
from tests.cast import ACCOUNT_ID
from tests.identities import papers
from tests.identities.steps import do, error
from tests.world import World, allow

UNREADABLE = (
    "MalformedCertificate",
    "Unable to parse certificate. Please ensure the certificate is in PEM format.",
)
MISSING = ("NoSuchEntity", "The Server Certificate with name www cannot be found.")


def given(**more: object) -> dict[str, object]:
    parts = {"CertificateBody": papers.certificate(), "PrivateKey": papers.private_pem()}
    return {"ServerCertificateName": "www", **parts, **more}


def upload(world: World, **more: object) -> dict[str, Any]:
    return do(world.alice, "UploadServerCertificate", **given(**more))


def chained() -> dict[str, object]:
    """A certificate with the one that signed it and that one's signer."""
    middle = papers.certificate("Middle CA", "middle", "Root CA", "root")
    return {
        "CertificateBody": papers.certificate("www.example.com", "first", "Middle CA", "middle"),
        "CertificateChain": middle + papers.certificate("Root CA", "root"),
    }


def test_it_shows_what_was_uploaded(world: World) -> None:
    tags = [{"Key": "team", "Value": "blue"}]
    made = upload(world, Path="/lab/", Tags=tags, **chained())
    shown = made["ServerCertificateMetadata"]
    assert shown["Arn"] == f"arn:aws:iam::{ACCOUNT_ID}:server-certificate/lab/www"
    assert (shown["ServerCertificateId"][:4], len(shown["ServerCertificateId"])) == ("ASCA", 21)
    assert (shown["Expiration"], made["Tags"]) == (papers.END, tags)
    found = do(world.alice, "GetServerCertificate", ServerCertificateName="WWW")["ServerCertificate"]
    parts = {key: found[key] for key in ("CertificateBody", "CertificateChain")}
    sent = {name: str(text).strip() for name, text in chained().items()}
    assert (found["ServerCertificateMetadata"], parts, found["Tags"]) == (shown, sent, tags)


def test_it_keeps_no_private_key(world: World) -> None:
    upload(world)
    kept = str(ServerCertificate.objects.values().get()) + str([event.record for event in Event.objects.all()])
    assert papers.private_pem()[40:80] not in kept
    assert papers.certificate()[40:80] in kept


def test_it_lists_certificates_under_a_path(world: World) -> None:
    upload(world)
    upload(world, ServerCertificateName="edge", Path="/cloudfront/")
    listed = do(world.alice, "ListServerCertificates", PathPrefix="/cloudfront/")["ServerCertificateMetadataList"]
    assert [each["ServerCertificateName"] for each in listed] == ["edge"]
    assert do(world.alice, "ListServerCertificates", MaxItems=1)["IsTruncated"] is True


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("cert-body", UNREADABLE),
        (papers.certificate() + papers.certificate("b", "second"), UNREADABLE),
        ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", UNREADABLE),
    ],
    ids=["garbage", "two", "no certificate inside"],
)
def test_it_refuses_an_unreadable_certificate(world: World, body: str, expected: tuple[str, str]) -> None:
    assert error(world.alice, "UploadServerCertificate", **given(CertificateBody=body)) == expected


def test_it_refuses_the_key_of_another_certificate(world: World) -> None:
    key = papers.private_pem("second")
    expected = ("KeyPairMismatch", "The private key does not match the certificate.")
    assert error(world.alice, "UploadServerCertificate", **given(PrivateKey=key)) == expected


@pytest.mark.parametrize("key", ["private-key", papers.private_pem(password=b"locked")], ids=["garbage", "encrypted"])
def test_it_refuses_an_unreadable_key(world: World, key: str) -> None:
    expected = "Unable to parse private key. Please ensure that it is in PEM format and not encrypted."
    assert error(world.alice, "UploadServerCertificate", **given(PrivateKey=key)) == ("MalformedCertificate", expected)


@pytest.mark.parametrize(
    ("chain", "place"),
    [
        (papers.certificate("Root CA", "root"), -1),
        (papers.certificate("Middle CA", "middle", "Root CA", "root") + papers.certificate("Other CA", "second"), 0),
    ],
    ids=["first", "second"],
)
def test_it_refuses_a_chain_that_does_not_follow(world: World, chain: str, place: int) -> None:
    parts = {**chained(), "CertificateChain": chain}
    code, text = error(world.alice, "UploadServerCertificate", **given(**parts))
    assert code == "MalformedCertificate"
    assert text == (
        "Unable to validate certificate chain. The certificate chain must start with the immediate signing certificate,"
        f" followed by any intermediaries in order. The index within the chain of the invalid certificate is: {place}"
    )


def test_it_refuses_a_name_in_another_case(world: World) -> None:
    upload(world)
    expected = ("EntityAlreadyExists", "The Server Certificate with name WWW already exists.")
    assert error(world.alice, "UploadServerCertificate", **given(ServerCertificateName="WWW")) == expected


def test_it_renames_and_moves(world: World) -> None:
    upload(world)
    upload(world, ServerCertificateName="edge")
    change = {"ServerCertificateName": "www", "NewServerCertificateName": "web", "NewPath": "/lab/"}
    do(world.alice, "UpdateServerCertificate", **change)
    found = do(world.alice, "GetServerCertificate", ServerCertificateName="web")["ServerCertificate"]
    assert found["ServerCertificateMetadata"]["Arn"].endswith(":server-certificate/lab/web")
    taken = {"ServerCertificateName": "web", "NewServerCertificateName": "Edge"}
    expected = ("EntityAlreadyExists", "The Server Certificate with name Edge already exists.")
    assert error(world.alice, "UpdateServerCertificate", **taken) == expected


def test_it_wants_the_permission_on_the_new_name_too(world: World) -> None:
    upload(world)
    old, new = (f"arn:aws:iam::{ACCOUNT_ID}:server-certificate/{name}" for name in ("www", "web"))
    allow(world.bob, "iam:UpdateServerCertificate", resource=old)
    change = {"ServerCertificateName": "www", "NewServerCertificateName": "web"}
    code, text = error(world.bob, "UpdateServerCertificate", **change)
    assert (code, f"on resource: {new} " in text) == ("AccessDenied", True)
    do(world.alice, "GetServerCertificate", ServerCertificateName="www")


@pytest.mark.parametrize("name", ["GetServerCertificate", "UpdateServerCertificate", "DeleteServerCertificate"])
def test_it_does_not_find_what_is_not_there_or_another_accounts(world: World, name: str) -> None:
    assert error(world.alice, name, ServerCertificateName="www") == MISSING
    upload(world)
    assert error(world.charlie, name, ServerCertificateName="www") == MISSING


def test_it_deletes(world: World) -> None:
    upload(world)
    do(world.alice, "DeleteServerCertificate", ServerCertificateName="www")
    assert error(world.alice, "GetServerCertificate", ServerCertificateName="www") == MISSING


def test_it_keeps_to_the_quota(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(QUOTAS, "ServerCertificatesPerAccount", 1)
    upload(world)
    expected = ("LimitExceeded", "Cannot exceed quota for ServerCertificatesPerAccount: 1")
    assert error(world.alice, "UploadServerCertificate", **given(ServerCertificateName="b")) == expected
