"""Certificates, keys and metadata made for the tests: RSA keys are slow to make, so they are made once a run."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from cryptography.x509.oid import NameOID

from accounts.caller import Caller
from tests.identities.steps import do

BEGIN, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2036, 1, 1, tzinfo=UTC)


@lru_cache
def rsa(which: str) -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=1024 if which == "small" else 2048)


def private_pem(which: str = "first", password: bytes | None = None) -> str:
    locked = BestAvailableEncryption(password) if password else NoEncryption()
    return rsa(which).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, locked).decode()


@lru_cache
def certificate(subject: str = "www.example.com", key: str = "first", issuer: str = "", issuer_key: str = "") -> str:
    """A certificate in PEM, signed by itself unless an issuer is named."""
    return _certificate(subject, key, issuer, issuer_key).public_bytes(Encoding.PEM).decode()


def _certificate(subject: str, key: str, issuer: str, issuer_key: str) -> x509.Certificate:
    builder = x509.CertificateBuilder(_name(issuer or subject), _name(subject), rsa(key).public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(BEGIN).not_valid_after(END)
    return builder.sign(rsa(issuer_key or key), SHA256())


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def ssh_line(which: str = "first") -> str:
    public = rsa(which).public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    return f"{public.decode()} dana@laptop"


def public_pem(which: str = "first") -> str:
    return rsa(which).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def metadata(valid_until: str = "", *, body: str | None = None, prolog: str = "") -> str:
    """A SAML metadata document; `body` takes the place of what describes the provider."""
    lasting = f' validUntil="{valid_until}"' if valid_until else ""
    names = 'xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#"'
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n{prolog}'
        f'<md:EntityDescriptor {names} entityID="https://idp.example.com/saml"{lasting}>'
        f"{_role() if body is None else body}</md:EntityDescriptor><!-- {'=.' * 500} -->"
    )


def _role() -> str:
    encoded = "".join(certificate().splitlines()[1:-1])
    return (
        '<md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">'
        f'<md:KeyDescriptor use="signing">{key_info(encoded)}</md:KeyDescriptor>'
        '<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"'
        ' Location="https://idp.example.com/login"/></md:IDPSSODescriptor>'
    )


def key_info(encoded: str) -> str:
    certificate_element = f"<ds:X509Certificate>{encoded}</ds:X509Certificate>"
    return f"<ds:KeyInfo><ds:X509Data>{certificate_element}</ds:X509Data></ds:KeyInfo>"


def give_all(caller: Caller, user: str) -> tuple[str, str, str]:
    """One signing certificate, SSH key and service credential of a user: their ids."""
    certificate_id = do(caller, "UploadSigningCertificate", UserName=user, CertificateBody=certificate())
    key = do(caller, "UploadSSHPublicKey", UserName=user, SSHPublicKeyBody=ssh_line())
    service = "codecommit.amazonaws.com"
    credential = do(caller, "CreateServiceSpecificCredential", UserName=user, ServiceName=service)
    return (
        certificate_id["Certificate"]["CertificateId"],
        key["SSHPublicKey"]["SSHPublicKeyId"],
        credential["ServiceSpecificCredential"]["ServiceSpecificCredentialId"],
    )
