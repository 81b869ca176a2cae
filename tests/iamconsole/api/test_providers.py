"""Providers, certificates and keys through real boto3: what was uploaded comes back as it was."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from pytest_django.live_server_helper import LiveServer

from tests.iamconsole.api.test_endpoint import client, key_of, people
from tests.identities import papers
from tests.world import World

__all__ = ["people"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def iam(live_server: LiveServer, people: World) -> Any:
    return client(live_server, key_of(people.alice, people.alice))


def test_it_returns_metadata_as_it_was_sent(iam: Any) -> None:
    document = papers.metadata("2030-06-01T12:00:00Z").replace("\n", "\r\n")
    arn = iam.create_saml_provider(Name="school", SAMLMetadataDocument=document)["SAMLProviderArn"]
    found = iam.get_saml_provider(SAMLProviderArn=arn)
    assert (found["SAMLMetadataDocument"], found["ValidUntil"].year) == (document, 2030)
    assert iam.list_saml_providers()["SAMLProviderList"][0]["Arn"] == arn


def test_it_gives_empty_lists_of_a_provider_without_thumbprints(iam: Any) -> None:
    arn = iam.create_open_id_connect_provider(Url="https://idp.example.com")["OpenIDConnectProviderArn"]
    found = iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    assert (found["Url"], found["ClientIDList"], found["ThumbprintList"]) == ("idp.example.com", [], [])


def test_it_returns_a_certificate_as_it_was_sent_but_for_the_end_of_its_last_line(iam: Any) -> None:
    body = papers.certificate().replace("\n", "\r\n")
    iam.upload_server_certificate(
        ServerCertificateName="www", CertificateBody=body, PrivateKey=papers.private_pem(), Path="/lab/"
    )
    found = iam.get_server_certificate(ServerCertificateName="www")["ServerCertificate"]
    assert (found["CertificateBody"], found["ServerCertificateMetadata"]["Expiration"]) == (body.strip(), papers.END)


def test_it_shows_secrets_of_service_credentials_once(iam: Any) -> None:
    given = {"UserName": "bob", "ServiceName": "codecommit.amazonaws.com"}
    made = iam.create_service_specific_credential(**given)["ServiceSpecificCredential"]
    assert len(made["ServicePassword"]) == 44
    assert (
        "ServicePassword" not in iam.list_service_specific_credentials(UserName="bob")["ServiceSpecificCredentials"][0]
    )


@pytest.mark.parametrize(
    ("call", "given", "error"),
    [
        ("upload_ssh_public_key", {"UserName": "bob", "SSHPublicKeyBody": "x"}, "UnrecognizedPublicKeyEncoding"),
        ("upload_signing_certificate", {"UserName": "bob", "CertificateBody": "x"}, "MalformedCertificate"),
        ("create_open_id_connect_provider", {"Url": "ftp://x"}, "InvalidInput"),
        ("create_saml_provider", {"Name": "x", "SAMLMetadataDocument": "<" * 1000}, "InvalidInput"),
    ],
)
def test_it_answers_bad_input_with_awss_code(iam: Any, call: str, given: dict[str, str], error: str) -> None:
    with pytest.raises(ClientError) as raised:
        getattr(iam, call)(**given)
    assert raised.value.response["Error"]["Code"] == error
    assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
