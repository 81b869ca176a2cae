"""X.509 certificates and their keys, in PEM: parsed and compared, never trusted. Errors are AWS's."""

from __future__ import annotations

from itertools import pairwise

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes, PublicKeyTypes
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509 import Certificate, load_pem_x509_certificates

from iamconsole.operations.errors import ApiError
from iamconsole.operations.secrets import Secret


class MalformedCertificate(ApiError):
    code, status = "MalformedCertificate", 400


class KeyPairMismatch(ApiError):
    code, status = "KeyPairMismatch", 400


def parse(text: str) -> Certificate:
    """The one certificate in a text. Raises MalformedCertificate."""
    found = _all(text)
    if len(found) != 1:
        raise _unreadable()
    return found[0]


def fingerprint(certificate: Certificate) -> str:
    """SHA-256, in hex."""
    return certificate.fingerprint(SHA256()).hex()


def need_chain(certificate: Certificate, text: str) -> None:
    """Each certificate is signed by the next, the first of the chain signs `certificate`."""
    line = [certificate, *_all(text)]
    for place, (issued, issuer) in enumerate(pairwise(line), start=-1):
        try:
            issued.verify_directly_issued_by(issuer)
        except (InvalidSignature, UnsupportedAlgorithm, TypeError, ValueError) as error:
            raise MalformedCertificate(
                "Unable to validate certificate chain. The certificate chain must start with the immediate signing"
                " certificate, followed by any intermediaries in order. The index within the chain of the invalid"
                f" certificate is: {place}"
            ) from error


def need_pair(certificate: Certificate, key: Secret) -> None:
    """The private key belongs to the certificate."""
    if _private(key).public_key() != _public(certificate):
        raise KeyPairMismatch("The private key does not match the certificate.")


def _all(text: str) -> list[Certificate]:
    try:
        return load_pem_x509_certificates(text.encode())
    except ValueError as error:
        raise _unreadable() from error


def _private(key: Secret) -> PrivateKeyTypes:
    try:
        return load_pem_private_key(key.reveal().encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        # Without the cause: its text could quote the key.
        raise MalformedCertificate(
            "Unable to parse private key. Please ensure that it is in PEM format and not encrypted."
        ) from None


def _public(certificate: Certificate) -> PublicKeyTypes:
    try:
        return certificate.public_key()
    except (ValueError, UnsupportedAlgorithm) as error:
        raise _unreadable() from error


def _unreadable() -> MalformedCertificate:
    return MalformedCertificate("Unable to parse certificate. Please ensure the certificate is in PEM format.")
