"""Encrypted XML: the plain text of an element that was encrypted for one of our keys.

Source: W3C "XML Encryption Syntax and Processing" 1.1. Keys come by RSA-OAEP only: PKCS #1 1.5 gives itself away to
whoever may ask often enough. Every failure looks the same from outside, for the same reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from identities.xml_signature import DIGESTS, DS, Unsigned, decoded

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

ENC = "{http://www.w3.org/2001/04/xmlenc#}"
_ENC11 = "{http://www.w3.org/2009/xmlenc11#}"
_OAEP = {"http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p", "http://www.w3.org/2009/xmlenc11#rsa-oaep"}
# OAEP hides nothing behind the strength of its hash: SHA-1 is its default and is sound here.
_OAEP_DIGESTS: dict[str, hashes.HashAlgorithm] = {"http://www.w3.org/2000/09/xmldsig#sha1": hashes.SHA1(), **DIGESTS}  # noqa: S303
_MGF: dict[str, hashes.HashAlgorithm] = {
    f"http://www.w3.org/2009/xmlenc11#mgf1{name.rpartition('#')[2]}": digest for name, digest in _OAEP_DIGESTS.items()
}
_CBC = {f"http://www.w3.org/2001/04/xmlenc#aes{bits}-cbc": bits // 8 for bits in (128, 256)}
_GCM = {f"http://www.w3.org/2009/xmlenc11#aes{bits}-gcm": bits // 8 for bits in (128, 256)}
_MOST_KEYS = 4


def opened(holder: Element, keys: Iterable[RSAPrivateKey]) -> bytes:
    """The plain text of the one EncryptedData in `holder`. Raises Unsigned."""
    data = holder.findall(f"{ENC}EncryptedData")
    if len(data) != 1:
        raise Unsigned("not one EncryptedData")
    method = data[0].find(f"{ENC}EncryptionMethod")
    algorithm = method.get("Algorithm", "") if method is not None else ""
    wanted = _CBC.get(algorithm) or _GCM.get(algorithm)
    sealed_keys = list(holder.iter(f"{ENC}EncryptedKey"))[:_MOST_KEYS]
    for key in keys:
        for sealed in sealed_keys:
            secret = _unwrapped(sealed, key)
            if secret is not None and len(secret) == wanted:
                return _plain(algorithm, secret, _cipher_value(data[0]))
    raise Unsigned("no key opens it")


def _unwrapped(sealed: Element, key: RSAPrivateKey) -> bytes | None:
    method = sealed.find(f"{ENC}EncryptionMethod")
    if method is None or method.get("Algorithm") not in _OAEP:
        return None
    digest, mask = method.find(f"{DS}DigestMethod"), method.find(f"{_ENC11}MGF")
    main = _OAEP_DIGESTS.get(digest.get("Algorithm", "")) if digest is not None else hashes.SHA1()  # noqa: S303
    masking = _MGF.get(mask.get("Algorithm", "")) if mask is not None else hashes.SHA1()  # noqa: S303
    if main is None or masking is None:
        return None
    try:
        return key.decrypt(_cipher_value(sealed), padding.OAEP(padding.MGF1(masking), main, None))
    except ValueError:
        return None


def _plain(algorithm: str, secret: bytes, content: bytes) -> bytes:
    try:
        if algorithm in _GCM:
            return AESGCM(secret).decrypt(content[:12], content[12:], None)
        decryptor = Cipher(algorithms.AES(secret), modes.CBC(content[:16])).decryptor()
        padded = decryptor.update(content[16:]) + decryptor.finalize()
    except (InvalidTag, ValueError) as error:
        raise Unsigned("it does not open") from error
    if not padded or not 1 <= padded[-1] <= 16:
        raise Unsigned("it does not open")
    return padded[: -padded[-1]]


def _cipher_value(element: Element) -> bytes:
    value = element.find(f"{ENC}CipherData/{ENC}CipherValue")
    if value is None:
        raise Unsigned("no CipherValue")
    return decoded("".join(value.itertext()))
