"""A SAML response from a provider: what its signed assertion says, held against times, audience and recipient.

Source: SAML 2.0 core and profiles (web browser SSO, 4.1.4.3); IAM user guide, id_roles_providers_create_saml_assertions
and troubleshoot_saml (the texts of errors).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from iamconsole.operations.errors import ApiError
from identities import saml, xml_encryption, xml_signature
from identities.web_identity import AHEAD
from identities.web_identity_errors import ExpiredToken, InvalidIdentityToken
from identities.xml_signature import Signed, Unsigned

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

SAML, PROTOCOL = "{urn:oasis:names:tc:SAML:2.0:assertion}", "{urn:oasis:names:tc:SAML:2.0:protocol}"
_SUCCESS, _BEARER = "urn:oasis:names:tc:SAML:2.0:status:Success", "urn:oasis:names:tc:SAML:2.0:cm:bearer"
# AWS's sign-in addresses, world-wide and by region, and those of a provider that encrypts.
_RECIPIENT = re.compile(
    r"https://(?:[a-z]{2}(?:-[a-z]+)+-\d\.)?signin\.aws\.amazon\.com/saml(?:/acs/[\w-]{1,64})?", re.ASCII
)
_SIGN_IN, _URN = "https://signin.aws.amazon.com/saml", "urn:amazon:webservices"
REDEEM_WITHIN = timedelta(minutes=5)


class IdpRejectedClaim(ApiError):
    code, status = "IDPRejectedClaim", 403


@dataclass(frozen=True)
class Said:
    """What a verified assertion says: about whom, for which recipient, with which attributes by name."""

    issuer: str
    subject: str
    subject_format: str
    recipient: str
    session_ends: datetime | None
    attributes: dict[str, tuple[str, ...]]
    signed_by: bytes = b""
    was_encrypted: bool = False


@dataclass(frozen=True)
class Trusted:
    """The provider that an assertion must come from, with the keys that open what was encrypted for us."""

    metadata: saml.Metadata
    keys: tuple[RSAPrivateKey, ...] = ()
    encrypted_only: bool = False


def read(text: str, trusted: Trusted, now: datetime) -> Said:
    """What the response (base 64) says. Raises InvalidIdentityToken, ExpiredToken or IDPRejectedClaim."""
    try:
        response = xml_signature.parse(xml_signature.decoded(text))
    except Unsigned:
        raise InvalidIdentityToken("Invalid base64 SAMLResponse") from None
    if response.tag != f"{PROTOCOL}Response":
        raise InvalidIdentityToken("Invalid SAML response")
    _need_success(response)
    encrypted = response.find(f"{SAML}EncryptedAssertion") is not None
    assertion, certificate = _signed_assertion(response, trusted)
    if _text(assertion.find(f"{SAML}Issuer")) != trusted.metadata.issuer:
        raise InvalidIdentityToken("Issuer not present in specified provider")
    return replace(_said(assertion, now), signed_by=certificate, was_encrypted=encrypted)


def _need_success(response: Element) -> None:
    status = response.find(f"{PROTOCOL}Status/{PROTOCOL}StatusCode")
    if status is None or status.get("Value") != _SUCCESS:
        raise IdpRejectedClaim("The identity provider reported that the authentication failed.")


def _signed_assertion(response: Element, trusted: Trusted) -> Signed:
    """The one assertion, as a signature covers it: that of the response or its own; every one that is there holds."""
    certificates = trusted.metadata.certificates
    try:
        covered = None
        if xml_signature.signature_of(response) is not None:
            covered = xml_signature.signed(response, certificates)
        # Taken out of the very tree whose signature was checked, or of a document of its own.
        assertion = _assertion(covered.element if covered else response, trusted)
        if covered is None or xml_signature.signature_of(assertion) is not None:
            return xml_signature.signed(assertion, certificates)
        return Signed(assertion, covered.certificate)
    except Unsigned:
        raise InvalidIdentityToken("Response signature invalid") from None


def _assertion(response: Element, trusted: Trusted) -> Element:
    plain, sealed = response.findall(f"{SAML}Assertion"), response.findall(f"{SAML}EncryptedAssertion")
    if len(plain) + len(sealed) != 1:
        raise InvalidIdentityToken("The SAML response must contain exactly one assertion.")
    if plain and trusted.encrypted_only:
        raise InvalidIdentityToken("The SAML assertion must be encrypted.")
    if plain:
        return plain[0]
    try:
        opened = xml_signature.parse(xml_encryption.opened(sealed[0], trusted.keys))
    except Unsigned:
        raise InvalidIdentityToken("The SAML assertion could not be decrypted.") from None
    if opened.tag != f"{SAML}Assertion":
        raise InvalidIdentityToken("Invalid SAML response")
    return opened


def _said(assertion: Element, now: datetime) -> Said:
    _need_fresh(assertion, now)
    _need_conditions(assertion, now)
    name = assertion.find(f"{SAML}Subject/{SAML}NameID")
    if name is None or not _text(name):
        raise InvalidIdentityToken("NameID is required in AuthnResponse")
    ends = [moment(each, "SessionNotOnOrAfter") for each in assertion.findall(f"{SAML}AuthnStatement")]
    if not ends:
        raise InvalidIdentityToken("AuthnStatement is required in AuthnResponse")
    return Said(
        _text(assertion.find(f"{SAML}Issuer")),
        _text(name),
        name.get("Format", ""),
        _recipient(assertion, now),
        min((each for each in ends if each is not None), default=None),
        _attributes(assertion),
    )


def _need_fresh(assertion: Element, now: datetime) -> None:
    issued = moment(assertion, "IssueInstant")
    if issued is None:
        raise InvalidIdentityToken("IssueInstant is required in AuthnResponse")
    if issued > now + timedelta(seconds=AHEAD):
        raise InvalidIdentityToken("The SAML assertion was issued in the future.")
    if now - issued > REDEEM_WITHIN:
        raise ExpiredToken("Token must be redeemed within 5 minutes of issuance")


def _need_conditions(assertion: Element, now: datetime) -> None:
    conditions = assertion.findall(f"{SAML}Conditions")
    if len(conditions) != 1:
        raise InvalidIdentityToken("Response does not contain the required audience.")
    start, end = moment(conditions[0], "NotBefore"), moment(conditions[0], "NotOnOrAfter")
    if start is not None and start > now + timedelta(seconds=AHEAD):
        raise InvalidIdentityToken("The SAML assertion is not valid yet.")
    if end is not None and end <= now:
        raise ExpiredToken("The SAML assertion has expired.")
    # All restrictions must be met, each by one of its audiences.
    restrictions = conditions[0].findall(f"{SAML}AudienceRestriction")
    if not restrictions or not all(map(_is_for_aws, restrictions)):
        raise InvalidIdentityToken("Response does not contain the required audience.")


def _is_for_aws(restriction: Element) -> bool:
    audiences = [_text(each) for each in restriction.findall(f"{SAML}Audience")]
    return any(each == _URN or _RECIPIENT.fullmatch(each) for each in audiences)


def _recipient(assertion: Element, now: datetime) -> str:
    """Where the assertion may be handed in: the first confirmation that holds now names it."""
    late = False
    for data in _confirmations(assertion):
        start, end, recipient = moment(data, "NotBefore"), moment(data, "NotOnOrAfter"), data.get("Recipient", "")
        if end is None or start is not None or not _RECIPIENT.fullmatch(recipient):
            continue
        if end > now:
            return recipient
        late = True
    if late:
        raise ExpiredToken("The SAML assertion has expired.")
    raise InvalidIdentityToken("The SAML assertion names no recipient of AWS that it may be handed in at.")


def _confirmations(assertion: Element) -> Iterator[Element]:
    for confirmation in assertion.findall(f"{SAML}Subject/{SAML}SubjectConfirmation"):
        if confirmation.get("Method") == _BEARER:
            yield from confirmation.findall(f"{SAML}SubjectConfirmationData")


def _attributes(assertion: Element) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for each in assertion.findall(f"{SAML}AttributeStatement/{SAML}Attribute"):
        values = tuple(_texts(each.findall(f"{SAML}AttributeValue")))
        name = each.get("Name", "")
        found[name] = (*found.get(name, ()), *values)
    return found


def _texts(elements: Iterable[Element]) -> Iterator[str]:
    for each in elements:
        if text := _text(each):
            yield text


def _text(element: Element | None) -> str:
    """The whole text of an element; comments in it were never read, so they cannot cut it short."""
    return "".join(element.itertext()).strip() if element is not None else ""


def moment(element: Element, name: str) -> datetime | None:
    """The time in an attribute, None where it is not there. Raises InvalidIdentityToken for what is no time."""
    text = element.get(name)
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text.strip())
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidIdentityToken(f"{name} in AuthnResponse is no date and time.") from None
