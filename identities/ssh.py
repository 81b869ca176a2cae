"""SSH public keys: RSA of 2,048 bits and more, in OpenSSH's one line or in PEM. Errors are AWS's."""

from __future__ import annotations

import base64
import hashlib

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
    load_ssh_public_key,
)

from iamconsole.operations.errors import ApiError

FEWEST_BITS = 2_048


class InvalidPublicKey(ApiError):
    code, status = "InvalidPublicKey", 400


class UnrecognizedPublicKeyEncoding(ApiError):
    code, status = "UnrecognizedPublicKeyEncoding", 400


def openssh(body: str) -> str:
    """An uploaded key in OpenSSH's line, without its comment. Raises AWS's errors."""
    key = _parsed(body.strip())
    if not isinstance(key, RSAPublicKey) or key.key_size < FEWEST_BITS:
        raise InvalidPublicKey(f"The public key must be an RSA key of at least {FEWEST_BITS} bits.")
    return key.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()


def pem(line: str) -> str:
    """The same key in PEM."""
    key = load_ssh_public_key(line.encode())
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def fingerprint(line: str) -> str:
    """MD5 in colons, as AWS and old OpenSSH show it."""
    digest = hashlib.md5(base64.b64decode(line.split()[1]), usedforsecurity=False).hexdigest()
    return ":".join(digest[place : place + 2] for place in range(0, len(digest), 2))


def _parsed(body: str) -> object:
    try:
        if body.startswith("-----BEGIN "):
            return load_pem_public_key(body.encode())
        if body.startswith("ssh-rsa "):
            return load_ssh_public_key(body.encode())
    except (ValueError, UnsupportedAlgorithm) as error:
        raise InvalidPublicKey("The public key is malformed or invalid.") from error
    raise UnrecognizedPublicKeyEncoding("Invalid public key uploaded.")
