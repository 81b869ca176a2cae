"""Keys, passwords, certificates and MFA devices, as the provider handles them."""

from __future__ import annotations

from typing import Any

from tests.identities import papers
from tests.wire.kinds.base import Config, Kind, every, only, present, retag, tag_list, tags_of

USER = {"UserName": "tf-user"}


def _create_key(iam: Any, config: Config) -> str:
    key = iam.create_access_key(UserName=config["user"])["AccessKey"]
    assert key["SecretAccessKey"] and key["Status"] == "Active"
    name = f"{config['user']}:{key['AccessKeyId']}"
    return _set_key(iam, name, {"status": "Active"}, config)


def _set_key(iam: Any, name: str, old: Config, new: Config) -> str:
    user, key = name.split(":")
    if old["status"] != new["status"]:
        iam.update_access_key(UserName=user, AccessKeyId=key, Status=new["status"])
    return name


def _read_key(iam: Any, name: str) -> Config:
    """An import knows the key alone: by when it was last used, its user is found."""
    user, key = name.split(":")
    keys = every(iam, "list_access_keys", "AccessKeyMetadata", UserName=user)
    found = only([each for each in keys if each["AccessKeyId"] == key])
    assert iam.get_access_key_last_used(AccessKeyId=key)["UserName"] == user
    return {"user": found["UserName"], "status": found["Status"]}


def _delete_key(iam: Any, name: str, config: Config) -> None:
    user, key = name.split(":")
    iam.delete_access_key(UserName=user, AccessKeyId=key)


def _create_login(iam: Any, config: Config) -> str:
    """Of the provider's 20 characters, these are the symbols."""
    given = {"UserName": config["user"], "PasswordResetRequired": config["reset"]}
    iam.create_login_profile(**given, Password="aB3!@#$%^&*()_+-=[]{}|'")
    name: str = config["user"]
    return name


def _read_login(iam: Any, name: str) -> Config:
    shown = iam.get_login_profile(UserName=name)["LoginProfile"]
    return {"user": shown["UserName"], "reset": shown["PasswordResetRequired"]}


def _create_ssh_key(iam: Any, config: Config) -> str:
    shown = iam.upload_ssh_public_key(UserName=config["user"], SSHPublicKeyBody=papers.ssh_line())["SSHPublicKey"]
    name = f"{config['user']}:{shown['SSHPublicKeyId']}:{config['encoding']}"
    return _set_ssh_key(iam, name, {}, config)


def _set_ssh_key(iam: Any, name: str, old: Config, new: Config) -> str:
    user, key, _ = name.split(":")
    if old.get("status") != new["status"]:
        iam.update_ssh_public_key(UserName=user, SSHPublicKeyId=key, Status=new["status"])
    return name


def _read_ssh_key(iam: Any, name: str) -> Config:
    """A comment after the key does not count, nor lines at its ends."""
    user, key, encoding = name.split(":")
    shown = iam.get_ssh_public_key(UserName=user, SSHPublicKeyId=key, Encoding=encoding)["SSHPublicKey"]
    body = " ".join(shown["SSHPublicKeyBody"].split(" ")[:2]) if encoding == "SSH" else shown["SSHPublicKeyBody"]
    return {"user": user, "encoding": encoding, "body": body.strip("\n"), "status": shown["Status"]}


def _delete_ssh_key(iam: Any, name: str, config: Config) -> None:
    user, key, _ = name.split(":")
    iam.delete_ssh_public_key(UserName=user, SSHPublicKeyId=key)


def _create_credential(iam: Any, config: Config) -> str:
    more = present(CredentialAgeDays=config["days"])
    made = iam.create_service_specific_credential(UserName=config["user"], ServiceName=config["service"], **more)
    shown = made["ServiceSpecificCredential"]
    assert shown.get("ServicePassword") or shown.get("ServiceCredentialSecret")
    name = f"{config['service']}:{config['user']}:{shown['ServiceSpecificCredentialId']}"
    return _set_credential(iam, name, {"status": "Active"}, config)


def _set_credential(iam: Any, name: str, old: Config, new: Config) -> str:
    _, user, key = name.split(":")
    if old["status"] != new["status"]:
        iam.update_service_specific_credential(UserName=user, ServiceSpecificCredentialId=key, Status=new["status"])
    return name


def _read_credential(iam: Any, name: str) -> Config:
    service, user, key = name.split(":")
    listed = iam.list_service_specific_credentials(UserName=user, ServiceName=service)["ServiceSpecificCredentials"]
    found = only([each for each in listed if each["ServiceSpecificCredentialId"] == key])
    days = (found["ExpirationDate"] - found["CreateDate"]).days if "ExpirationDate" in found else 0
    return {"user": found["UserName"], "service": found["ServiceName"], "days": days, "status": found["Status"]}


def _delete_credential(iam: Any, name: str, config: Config) -> None:
    _, user, key = name.split(":")
    iam.delete_service_specific_credential(UserName=user, ServiceSpecificCredentialId=key)


def _create_signing(iam: Any, config: Config) -> str:
    made = iam.upload_signing_certificate(UserName=config["user"], CertificateBody=config["body"])["Certificate"]
    return _set_signing(iam, f"{made['CertificateId']}:{config['user']}", {"status": "Active"}, config)


def _set_signing(iam: Any, name: str, old: Config, new: Config) -> str:
    key, user = name.split(":")
    if old["status"] != new["status"]:
        iam.update_signing_certificate(UserName=user, CertificateId=key, Status=new["status"])
    return name


def _read_signing(iam: Any, name: str) -> Config:
    """Character by character what was sent: nothing evens out a line end here."""
    key, user = name.split(":")
    listed = every(iam, "list_signing_certificates", "Certificates", UserName=user)
    found = only([each for each in listed if each["CertificateId"] == key])
    return {"user": found["UserName"], "body": found["CertificateBody"], "status": found["Status"]}


def _delete_signing(iam: Any, name: str, config: Config) -> None:
    key, user = name.split(":")
    iam.delete_signing_certificate(UserName=user, CertificateId=key)


def _upload_certificate(iam: Any, config: Config) -> str:
    """A file ends with a line end. What is read is compared with what was sent without space at its ends."""
    made = iam.upload_server_certificate(
        ServerCertificateName=config["name"],
        Path=config["path"],
        CertificateBody=config["body"] + "\n",
        PrivateKey=papers.private_pem(),
        **present(Tags=tag_list(config["tags"]), CertificateChain=config["chain"] and config["chain"] + "\n"),
    )
    name: str = made["ServerCertificateMetadata"]["ServerCertificateName"]
    return name


def _read_certificate(iam: Any, name: str) -> Config:
    shown = iam.get_server_certificate(ServerCertificateName=name)["ServerCertificate"]
    about = shown["ServerCertificateMetadata"]
    assert about["Expiration"] and about["UploadDate"] and about["ServerCertificateId"].startswith("ASCA")
    return {
        "name": about["ServerCertificateName"],
        "path": about["Path"],
        "body": shown["CertificateBody"],
        "chain": shown.get("CertificateChain", ""),
        "tags": tags_of(shown),
    }


def _update_certificate(iam: Any, name: str, old: Config, new: Config) -> str:
    retag(iam, "server_certificate", old, new, ServerCertificateName=name)
    changed = present(
        NewServerCertificateName=new["name"] if new["name"] != old["name"] else "",
        NewPath=new["path"] if new["path"] != old["path"] else "",
    )
    iam.update_server_certificate(ServerCertificateName=name, **changed)
    found: str = new["name"]
    return found


def _create_device(iam: Any, config: Config) -> str:
    given = {"VirtualMFADeviceName": config["name"], "Path": config["path"]}
    made = iam.create_virtual_mfa_device(**given, **present(Tags=tag_list(config["tags"])))["VirtualMFADevice"]
    assert made["Base32StringSeed"] and made["QRCodePNG"].startswith(b"\x89PNG")
    serial: str = made["SerialNumber"]
    return serial


def _read_device(iam: Any, serial: str) -> Config:
    """It is found in the list of all, whose tags say nothing; name and path are read from its serial number."""
    listed = every(iam, "list_virtual_mfa_devices", "VirtualMFADevices")
    found = only([each for each in listed if each["SerialNumber"] == serial])
    assert {"User", "EnableDate"}.isdisjoint(found), "nobody has it"
    path, _, name = found["SerialNumber"].partition(":mfa")[2].rpartition("/")
    return {"name": name, "path": f"{path}/", "tags": tags_of(iam.list_mfa_device_tags(SerialNumber=serial))}


def _retag_device(iam: Any, serial: str, old: Config, new: Config) -> str:
    retag(iam, "mfa_device", old, new, SerialNumber=serial)
    return serial


_SSH = {"user": "tf-user", "encoding": "SSH", "body": " ".join(papers.ssh_line().split()[:2]), "status": "Inactive"}
_PEM = {**_SSH, "encoding": "PEM", "body": papers.public_pem().strip("\n")}
_GIT = {"user": "tf-user", "service": "codecommit.amazonaws.com", "days": 0, "status": "Active"}
_API = {**_GIT, "service": "bedrock.amazonaws.com", "days": 30, "status": "Inactive"}
_SIGNING = {"user": "tf-user", "body": papers.certificate(), "status": "Active"}
_BODY = papers.certificate("leaf", issuer="authority", issuer_key="second").strip()
_SERVER = {
    "name": "made",
    "path": "/tf/",
    "body": _BODY,
    "chain": papers.certificate("authority", key="second").strip(),
    "tags": {"a": "1"},
}
_DEVICE = {"name": "made", "path": "/tf/", "tags": {"a": "1"}}


def _both(kind: Config, status: str) -> tuple[Config, Config]:
    return kind, {**kind, "status": status}


KINDS = (
    Kind(
        "aws_iam_access_key",
        _both({"user": "tf-user", "status": "Inactive"}, "Active"),
        _create_key,
        _read_key,
        _delete_key,
        _set_key,
    ),
    Kind(
        "aws_iam_user_login_profile",
        ({"user": "tf-user", "reset": True}, {"user": "tf-user", "reset": False}),
        _create_login,
        _read_login,
        lambda iam, name, config: iam.delete_login_profile(UserName=name),
    ),
    Kind("aws_iam_user_ssh_key", _both(_SSH, "Active"), _create_ssh_key, _read_ssh_key, _delete_ssh_key, _set_ssh_key),
    Kind(
        "aws_iam_user_ssh_key in PEM",
        _both(_PEM, "Active"),
        _create_ssh_key,
        _read_ssh_key,
        _delete_ssh_key,
        _set_ssh_key,
    ),
    Kind(
        "aws_iam_service_specific_credential",
        _both(_GIT, "Inactive"),
        _create_credential,
        _read_credential,
        _delete_credential,
        _set_credential,
    ),
    Kind(
        "aws_iam_service_specific_credential for an API",
        _both(_API, "Active"),
        _create_credential,
        _read_credential,
        _delete_credential,
        _set_credential,
    ),
    Kind(
        "aws_iam_signing_certificate",
        _both(_SIGNING, "Inactive"),
        _create_signing,
        _read_signing,
        _delete_signing,
        _set_signing,
    ),
    Kind(
        "aws_iam_server_certificate",
        (
            _SERVER,
            {**_SERVER, "name": "renamed"},
            {**_SERVER, "name": "renamed", "path": "/", "tags": {}},
        ),
        _upload_certificate,
        _read_certificate,
        lambda iam, name, config: iam.delete_server_certificate(ServerCertificateName=name),
        _update_certificate,
    ),
    Kind(
        "aws_iam_virtual_mfa_device",
        (_DEVICE, {**_DEVICE, "tags": {"b": "2"}}, {**_DEVICE, "tags": {}}),
        _create_device,
        _read_device,
        lambda iam, serial, config: iam.delete_virtual_mfa_device(SerialNumber=serial),
        _retag_device,
    ),
)
