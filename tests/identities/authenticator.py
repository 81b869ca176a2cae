"""A security key in software: makes credentials and signs, honestly or not, as a test wants. WebAuthn level 3, 6."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

ORIGIN, RP_ID = "http://localhost:8000", "localhost"
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class Authenticator:
    """One key pair. `count` grows with each signature; `flags` say what its owner did."""

    origin: str = ORIGIN
    rp_id: str = RP_ID
    count: int = 0
    flags: int = PRESENT | VERIFIED
    id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def make(self, options: str) -> str:
        """What a browser answers to `navigator.credentials.create`."""
        client = self._client("webauthn.create", json.loads(options)["challenge"])
        credential = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor2.dumps(self._public())
        attestation = {"fmt": "none", "attStmt": {}, "authData": self._data(ATTESTED) + credential}
        return self._answer(clientDataJSON=client, attestationObject=cbor2.dumps(attestation), transports=["usb"])

    def sign(self, options: str, **more: object) -> str:
        """What a browser answers to `navigator.credentials.get`; `challenge=` signs another one than was asked for."""
        self.count += 1
        client = self._client("webauthn.get", str(more.get("challenge") or json.loads(options)["challenge"]))
        data = self._data()
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(clientDataJSON=client, authenticatorData=data, signature=signature)

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}).encode()

    def _data(self, more: int = 0) -> bytes:
        host = hashlib.sha256(self.rp_id.encode()).digest()
        return host + bytes([self.flags | more]) + self.count.to_bytes(4, "big")

    def _public(self) -> dict[int, Any]:
        numbers = self.key.public_key().public_numbers()
        return {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}

    def _answer(self, **response: Any) -> str:
        shown = {
            name: bytes_to_base64url(value) if isinstance(value, bytes) else value for name, value in response.items()
        }
        own = bytes_to_base64url(self.id)
        return json.dumps({"id": own, "rawId": own, "type": "public-key", "response": shown})


def tampered(answer: str, member: str) -> str:
    """The answer with the last byte of one of its parts turned."""
    told = json.loads(answer)
    raw = bytearray(base64url_to_bytes(told["response"][member]))
    raw[-1] ^= 1
    told["response"][member] = bytes_to_base64url(bytes(raw))
    return json.dumps(told)
