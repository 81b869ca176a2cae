"""XML signatures: the one signed element of a document, read anew from the very bytes that the signature is over.

Source: W3C "XML Signature Syntax and Processing" 1.1 and "Exclusive XML Canonicalization"; SAML 2.0 core, section 5.4
(a signature is a child of what it signs, with one reference to it and no other transforms than these).
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.x509 import load_der_x509_certificate

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

DS = "{http://www.w3.org/2000/09/xmldsig#}"
_EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
_INCLUSIVE = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
_ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
_MORE, _ENC = "http://www.w3.org/2001/04/xmldsig-more#", "http://www.w3.org/2001/04/xmlenc#"
# No SHA-1, no MD5, no shared secrets: what is not here does not verify.
DIGESTS: dict[str, hashes.HashAlgorithm] = {
    f"{_ENC}sha256": hashes.SHA256(),
    f"{_MORE}sha384": hashes.SHA384(),
    f"{_ENC}sha512": hashes.SHA512(),
}
_SIGNED_WITH: dict[str, tuple[str, hashes.HashAlgorithm]] = {
    f"{_MORE}{kind}-sha{size}": (kind, algorithm)
    for kind in ("rsa", "ecdsa")
    for size, algorithm in ((256, hashes.SHA256()), (384, hashes.SHA384()), (512, hashes.SHA512()))
}


# Exclusive canonical form repeats a namespace on every element that uses it: a long one on many would fill the memory
# before anything is verified.
LONGEST_NAMESPACE, MOST_IN_INFO = 256, 40


class Unsigned(ValueError):
    """The document, or its signature, is not what it should be."""


def parse(text: bytes) -> Element:
    """The root of a document without comments, instructions or a document type. Raises Unsigned."""
    from lxml import etree

    safely = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}
    parser = etree.XMLParser(**safely, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(text, parser)
        for _, (_, namespace) in etree.iterparse(BytesIO(text), events=("start-ns",), **safely):
            if len(namespace) > LONGEST_NAMESPACE:
                raise Unsigned("a namespace that is too long")
    except Unsigned:
        raise
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unsigned("not well-formed XML") from error
    # A document type brings entities, local files and bombs; no assertion needs one.
    if root.getroottree().docinfo.internalDTD is not None or root.getroottree().docinfo.doctype:
        raise Unsigned("a document type")
    return root


def signature_of(element: Element) -> Element | None:
    """The signature that is a child of the element. Raises Unsigned where there are several."""
    found = element.findall(f"{DS}Signature")
    if len(found) > 1:
        raise Unsigned("several signatures of one element")
    return found[0] if found else None


class Signed(NamedTuple):
    """An element as a signature covers it, and the certificate (DER) that the signature is by."""

    element: Element
    certificate: bytes


def signed(element: Element, certificates: Sequence[bytes]) -> Signed:
    """The element as its own signature by one of these certificates (DER) covers it. Raises Unsigned.

    What comes back is parsed from the canonical bytes: nothing that the signature is not over can be read from it.
    """
    signature = signature_of(element)
    if signature is None:
        raise Unsigned("no signature")
    info = _only(signature, "SignedInfo")
    if sum(1 for _ in info.iter()) > MOST_IN_INFO:
        raise Unsigned("a SignedInfo that is too long")
    reference = _only(info, "Reference")
    _need_to_be_about(element, reference.get("URI"))
    method, given = _algorithm(info, "SignatureMethod"), _bytes(signature, "SignatureValue")
    canonical_info = canonical(info, _only(info, "CanonicalizationMethod"))
    by = next((each for each in certificates if _verifies(each, method, given, canonical_info)), None)
    if by is None:
        raise Unsigned("no certificate of the provider fits the signature")
    with _taken_out(signature):
        content = canonical(element, _transform(reference))
    if _digest(content, _algorithm(reference, "DigestMethod")) != _bytes(reference, "DigestValue"):
        raise Unsigned("the content was changed")
    return Signed(parse(content), by)


def canonical(element: Element, method: Element | None) -> bytes:
    """The element in the canonical form that a method names, comments left out; no method is the inclusive form."""
    from lxml import etree

    algorithm = _INCLUSIVE if method is None else method.get("Algorithm")
    if algorithm not in (_EXCLUSIVE, _INCLUSIVE):
        raise Unsigned("a canonical form that is not supported")
    named = [] if method is None else method.findall(f"{{{_EXCLUSIVE}}}InclusiveNamespaces")
    prefixes = " ".join(each.get("PrefixList", "") for each in named).split()
    try:
        text = etree.tostring(
            element,
            method="c14n",
            exclusive=algorithm == _EXCLUSIVE,
            with_comments=False,
            with_tail=False,
            inclusive_ns_prefixes=prefixes or None,
        )
    except etree.LxmlError as error:
        # Namespaces that are no absolute URIs have no canonical form.
        raise Unsigned("no canonical form") from error
    return bytes(text)


def _need_to_be_about(element: Element, uri: str | None) -> None:
    """The reference names the parent of the signature, by an id that nothing else in the document has."""
    ids = [each.get("ID") for each in element.getroottree().getroot().iter() if each.get("ID") is not None]
    if len(set(ids)) < len(ids):
        raise Unsigned("one id for two elements")
    if uri == "" and element.getparent() is None:
        return
    if not element.get("ID") or uri != f"#{element.get('ID')}":
        raise Unsigned("a signature of something else")


def _transform(reference: Element) -> Element | None:
    """How the content is made canonical; besides that, only the signature itself may be taken out."""
    listed = [each for holder in reference.findall(f"{DS}Transforms") for each in holder]
    names = [each.get("Algorithm") for each in listed]
    if names[:1] != [_ENVELOPED] or len(listed) > 2 or any(each.tag != f"{DS}Transform" for each in listed):
        raise Unsigned("transforms that are not those of SAML")
    return listed[1] if len(listed) == 2 else None


@contextmanager
def _taken_out(signature: Element) -> Iterator[None]:
    """Without the signature for a while; the white space behind it stays, as it is not part of it."""
    parent = signature.getparent()
    assert parent is not None
    place, tail, before = parent.index(signature), signature.tail, signature.getprevious()
    text, before_tail = parent.text, before.tail if before is not None else None
    parent.remove(signature)
    if before is None:
        parent.text = (text or "") + (tail or "")
    else:
        before.tail = (before_tail or "") + (tail or "")
    try:
        yield
    finally:
        parent.text = text
        if before is not None:
            before.tail = before_tail
        parent.insert(place, signature)
        signature.tail = tail


def _verifies(certificate: bytes, method: str, given: bytes, content: bytes) -> bool:
    kind, algorithm = _SIGNED_WITH.get(method, ("", hashes.SHA256()))
    try:
        key = load_der_x509_certificate(certificate).public_key()
        if kind == "rsa" and isinstance(key, rsa.RSAPublicKey):
            key.verify(given, content, padding.PKCS1v15(), algorithm)
            return True
        if kind == "ecdsa" and isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(_as_der(given), content, ec.ECDSA(algorithm))
            return True
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        return False
    return False


def _as_der(given: bytes) -> bytes:
    """XML signatures write the two numbers of ECDSA side by side."""
    half = len(given) // 2
    return encode_dss_signature(int.from_bytes(given[:half], "big"), int.from_bytes(given[half:], "big"))


def _digest(content: bytes, algorithm: str) -> bytes:
    if algorithm not in DIGESTS:
        raise Unsigned("a digest that is not supported")
    digest = hashes.Hash(DIGESTS[algorithm])
    digest.update(content)
    return digest.finalize()


def _algorithm(parent: Element, name: str) -> str:
    return _only(parent, name).get("Algorithm", "")


def _bytes(parent: Element, name: str) -> bytes:
    return decoded("".join(_only(parent, name).itertext()))


def decoded(text: str) -> bytes:
    """Base 64 with white space in it, as XML has it. Raises Unsigned."""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Unsigned("not base 64") from error


def _only(parent: Element, name: str) -> Element:
    found = parent.findall(f"{DS}{name}")
    if len(found) != 1:
        raise Unsigned(f"not one {name}")
    return found[0]
