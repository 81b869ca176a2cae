"""One working call of every operation of SSH keys, signing certificates and service-specific credentials."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.identities import papers
from tests.operations.example import Example
from tests.operations.examples_identities import USER, dana, do


def ssh_key() -> Mapping[str, object]:
    dana()
    made: Any = do("UploadSSHPublicKey", **USER, SSHPublicKeyBody=papers.ssh_line())["SSHPublicKey"]
    return {"SSHPublicKeyId": made["SSHPublicKeyId"]}


def just_ssh_key() -> None:
    ssh_key()


def signing_certificate() -> Mapping[str, object]:
    dana()
    made: Any = do("UploadSigningCertificate", **USER, CertificateBody=papers.certificate())["Certificate"]
    return {"CertificateId": made["CertificateId"]}


def just_signing_certificate() -> None:
    signing_certificate()


def service_credential() -> Mapping[str, object]:
    dana()
    made: Any = do("CreateServiceSpecificCredential", **USER, ServiceName="codecommit.amazonaws.com")
    return {"ServiceSpecificCredentialId": made["ServiceSpecificCredential"]["ServiceSpecificCredentialId"]}


def just_service_credential() -> None:
    service_credential()


EXAMPLES: dict[str, Example] = {
    "iam:UploadSSHPublicKey": Example({**USER, "SSHPublicKeyBody": papers.ssh_line()}, dana),
    "iam:GetSSHPublicKey": Example({**USER, "Encoding": "PEM"}, ssh_key),
    "iam:ListSSHPublicKeys": Example(USER, just_ssh_key),
    "iam:UpdateSSHPublicKey": Example({**USER, "Status": "Inactive"}, ssh_key),
    "iam:DeleteSSHPublicKey": Example(USER, ssh_key),
    "iam:UploadSigningCertificate": Example({**USER, "CertificateBody": papers.certificate()}, dana),
    "iam:ListSigningCertificates": Example(USER, just_signing_certificate),
    "iam:UpdateSigningCertificate": Example({**USER, "Status": "Inactive"}, signing_certificate),
    "iam:DeleteSigningCertificate": Example(USER, signing_certificate),
    "iam:CreateServiceSpecificCredential": Example(
        {**USER, "ServiceName": "bedrock.amazonaws.com", "CredentialAgeDays": 30}, dana
    ),
    "iam:ListServiceSpecificCredentials": Example(USER, just_service_credential),
    "iam:UpdateServiceSpecificCredential": Example({**USER, "Status": "Inactive"}, service_credential),
    "iam:ResetServiceSpecificCredential": Example(USER, service_credential),
    "iam:DeleteServiceSpecificCredential": Example(USER, service_credential),
}
