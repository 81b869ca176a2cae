"""The calls that Terraform's AWS provider makes for credentials: keys, passwords, certificates, MFA devices."""

from __future__ import annotations

from typing import Any

import pytest

from tests.identities import papers
from tests.wire.in_process import code_of
from tests.wire.provider import GONE, TAGS, pages

pytestmark = pytest.mark.django_db


def test_aws_iam_access_key(iam: Any, holders: dict[str, str]) -> None:
    key = iam.create_access_key(UserName="tf")["AccessKey"]
    named = {"UserName": "tf", "AccessKeyId": key["AccessKeyId"]}
    iam.update_access_key(**named, Status="Inactive")
    (read,) = pages(iam, "list_access_keys", "AccessKeyMetadata", UserName="tf")
    assert (read["AccessKeyId"], read["Status"], read["CreateDate"]) == (
        key["AccessKeyId"],
        "Inactive",
        key["CreateDate"],
    )
    # An import knows the key alone: the user is found by when it was last used.
    assert iam.get_access_key_last_used(AccessKeyId=key["AccessKeyId"])["UserName"] == "tf"
    iam.delete_access_key(**named)
    assert code_of(iam.delete_access_key, **named) == GONE
    assert code_of(iam.list_access_keys, UserName="nobody") == GONE


def test_aws_iam_virtual_mfa_device(iam: Any) -> None:
    made = iam.create_virtual_mfa_device(VirtualMFADeviceName="tf", Path="/", Tags=TAGS)["VirtualMFADevice"]
    assert made["Base32StringSeed"] and made["QRCodePNG"].startswith(b"\x89PNG")
    serial = made["SerialNumber"]
    found = pages(iam, "list_virtual_mfa_devices", "VirtualMFADevices", AssignmentStatus="Any")
    assert [each["SerialNumber"] for each in found] == [serial]
    assert {"User", "EnableDate", "Base32StringSeed"}.isdisjoint(found[0])
    assert iam.list_mfa_device_tags(SerialNumber=serial)["Tags"] == TAGS
    iam.untag_mfa_device(SerialNumber=serial, TagKeys=["team"])
    iam.delete_virtual_mfa_device(SerialNumber=serial)
    assert pages(iam, "list_virtual_mfa_devices", "VirtualMFADevices") == []
    assert code_of(iam.delete_virtual_mfa_device, SerialNumber=serial) == GONE


def test_aws_iam_user_login_profile(iam: Any, holders: dict[str, str]) -> None:
    given = {"UserName": "tf", "Password": "Correct-horse-9", "PasswordResetRequired": True}
    iam.create_login_profile(**given)
    assert iam.get_login_profile(UserName="tf")["LoginProfile"]["PasswordResetRequired"] is True
    assert code_of(iam.create_login_profile, **given) == "EntityAlreadyExists"
    iam.delete_login_profile(UserName="tf")
    assert code_of(iam.get_login_profile, UserName="tf") == GONE


def test_aws_iam_user_ssh_key(iam: Any, holders: dict[str, str]) -> None:
    made = iam.upload_ssh_public_key(UserName="tf", SSHPublicKeyBody=papers.ssh_line())["SSHPublicKey"]
    named = {"UserName": "tf", "SSHPublicKeyId": made["SSHPublicKeyId"]}
    iam.update_ssh_public_key(**named, Status="Inactive")
    read = iam.get_ssh_public_key(**named, Encoding="SSH")["SSHPublicKey"]
    assert (read["Status"], read["Fingerprint"]) == ("Inactive", made["Fingerprint"])
    assert read["SSHPublicKeyBody"].split()[:2] == papers.ssh_line().split()[:2]
    assert iam.get_ssh_public_key(**named, Encoding="PEM")["SSHPublicKey"]["SSHPublicKeyBody"].startswith("-----BEGIN")
    iam.delete_ssh_public_key(**named)
    assert code_of(iam.get_ssh_public_key, **named, Encoding="SSH") == GONE


def test_aws_iam_server_certificate(iam: Any) -> None:
    body, key = papers.certificate(), papers.private_pem()
    iam.upload_server_certificate(ServerCertificateName="tf", CertificateBody=body, PrivateKey=key, Tags=TAGS)
    iam.update_server_certificate(ServerCertificateName="tf", NewServerCertificateName="tf-2", NewPath="/apps/")
    read = iam.get_server_certificate(ServerCertificateName="tf-2")["ServerCertificate"]
    assert (read["CertificateBody"], read["Tags"], "CertificateChain" in read) == (body, TAGS, False)
    assert read["ServerCertificateMetadata"]["Path"] == "/apps/"
    iam.delete_server_certificate(ServerCertificateName="tf-2")
    assert code_of(iam.get_server_certificate, ServerCertificateName="tf-2") == GONE


def test_aws_iam_signing_certificate(iam: Any, holders: dict[str, str]) -> None:
    made = iam.upload_signing_certificate(UserName="tf", CertificateBody=papers.certificate())["Certificate"]
    named = {"UserName": "tf", "CertificateId": made["CertificateId"]}
    iam.update_signing_certificate(**named, Status="Inactive")
    (read,) = pages(iam, "list_signing_certificates", "Certificates", UserName="tf")
    assert (read["Status"], read["CertificateBody"]) == ("Inactive", papers.certificate())
    iam.delete_signing_certificate(**named)
    assert pages(iam, "list_signing_certificates", "Certificates", UserName="tf") == []
    assert code_of(iam.delete_signing_certificate, **named) == GONE


def test_aws_iam_service_specific_credential(iam: Any, holders: dict[str, str]) -> None:
    given = {"UserName": "tf", "ServiceName": "codecommit.amazonaws.com"}
    made = iam.create_service_specific_credential(**given)["ServiceSpecificCredential"]
    assert made["ServicePassword"] and made["ServiceUserName"]
    named = {"UserName": "tf", "ServiceSpecificCredentialId": made["ServiceSpecificCredentialId"]}
    iam.update_service_specific_credential(**named, Status="Inactive")
    (read,) = iam.list_service_specific_credentials(**given)["ServiceSpecificCredentials"]
    assert (read["Status"], "ServicePassword" in read) == ("Inactive", False)
    iam.delete_service_specific_credential(**named)
    assert iam.list_service_specific_credentials(**given)["ServiceSpecificCredentials"] == []
