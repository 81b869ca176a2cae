"""SAML metadata: what an identity provider says of itself. Nothing outside the document is ever fetched."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

LONGEST = 1_000_000
_METADATA = "{urn:oasis:names:tc:SAML:2.0:metadata}"
_SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}"


class BadMetadata(ValueError):
    """The document does not describe an identity provider."""


@dataclass(frozen=True)
class Metadata:
    """An identity provider: its name, its signing certificates (DER), where users sign in, how long this holds."""

    issuer: str
    certificates: tuple[bytes, ...]
    sign_in_urls: tuple[str, ...]
    valid_until: datetime | None


def read(text: str) -> Metadata:
    """What a metadata document says. Raises BadMetadata."""
    if len(text) > LONGEST:
        raise BadMetadata(f"more than {LONGEST} characters")
    entity = _root(text)
    issuer, role = entity.get("entityID", "").strip(), entity.find(f"{_METADATA}IDPSSODescriptor")
    if entity.tag != f"{_METADATA}EntityDescriptor" or not issuer or role is None:
        raise BadMetadata("no identity provider")
    certificates = tuple(_certificates(role))
    if not certificates:
        raise BadMetadata("no signing certificate")
    urls = tuple(each.get("Location", "") for each in role.findall(f"{_METADATA}SingleSignOnService"))
    ends = [_moment(each.get("validUntil", "")) for each in (entity, role) if each.get("validUntil")]
    return Metadata(issuer, certificates, urls, min(ends, default=None))


def _root(text: str) -> Element:
    try:
        # A document type brings entities, local files and bombs; metadata needs none.
        root: Element = fromstring(text.strip(), forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise BadMetadata("not well-formed XML without a document type") from error
    return root


def _certificates(role: Element) -> Iterator[bytes]:
    for key in role.findall(f"{_METADATA}KeyDescriptor"):
        if key.get("use", "signing") != "signing":
            continue
        for certificate in key.iter(f"{_SIGNATURE}X509Certificate"):
            yield _decoded(certificate.text or "")


def _decoded(text: str) -> bytes:
    try:
        found = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadMetadata("a certificate is not base 64") from error
    if not found:
        raise BadMetadata("an empty certificate")
    return found


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text.strip())
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise BadMetadata("validUntil is no date") from error
