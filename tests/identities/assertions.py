"""A SAML provider made for the tests: its responses, signed and encrypted as real ones are; a role that trusts it."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from lxml import etree

from accounts.caller import Caller
from tests.cast import ACCOUNT_ID
from tests.identities import papers
from tests.identities.steps import do

PROVIDER_ARN = f"arn:aws:iam::{ACCOUNT_ID}:saml-provider/school"
ROLE_ARN = f"arn:aws:iam::{ACCOUNT_ID}:role/teacher"
ISSUER, SUBJECT, SIGN_IN = "https://idp.example.com/saml", "dana@school.example", "https://signin.aws.amazon.com/saml"
ACTIONS = ["sts:AssumeRoleWithSAML", "sts:TagSession", "sts:SetSourceIdentity", "sts:SetContext"]
NAMES = (
    'xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" '
    'xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)
DS, ENC = "http://www.w3.org/2000/09/xmldsig#", "http://www.w3.org/2001/04/xmlenc#"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
OWN = "https://aws.amazon.com/SAML/Attributes/"
PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"


@dataclass(frozen=True)
class Facts:
    """What an assertion says; a test changes one of them."""

    now: datetime
    issuer: str = ISSUER
    subject: str = SUBJECT
    name_format: str = PERSISTENT
    audience: str = f"<saml:AudienceRestriction><saml:Audience>{SIGN_IN}</saml:Audience></saml:AudienceRestriction>"
    recipient: str = SIGN_IN
    method: str = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
    status: str = "urn:oasis:names:tc:SAML:2.0:status:Success"
    issued: int = -10
    not_before: int = -60
    not_after: int = 240
    confirmed_until: int = 240
    session_until: int | None = None
    attributes: dict[str, list[str]] = field(default_factory=dict)
    more: str = ""

    def at(self, seconds: int) -> str:
        return (self.now + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def attributes(facts: Facts) -> dict[str, list[str]]:
    own = {f"{OWN}Role": [f"{ROLE_ARN},{PROVIDER_ARN}"], f"{OWN}RoleSessionName": ["dana"]}
    return {name: values for name, values in {**own, **facts.attributes}.items() if values}


def assertion(facts: Facts) -> str:
    lines = [
        f'<saml:Attribute Name="{name}">'
        + "".join(f'<saml:AttributeValue xsi:type="xs:string">{value}</saml:AttributeValue>' for value in values)
        + "</saml:Attribute>"
        for name, values in attributes(facts).items()
    ]
    ends = f' SessionNotOnOrAfter="{facts.at(facts.session_until)}"' if facts.session_until is not None else ""
    return (
        f'<saml:Assertion {NAMES} ID="_assertion" Version="2.0" IssueInstant="{facts.at(facts.issued)}">\n'
        f"  <saml:Issuer>{facts.issuer}</saml:Issuer>\n"
        f'  <saml:Subject><saml:NameID Format="{facts.name_format}">{facts.subject}</saml:NameID>'
        f'<saml:SubjectConfirmation Method="{facts.method}"><saml:SubjectConfirmationData'
        f' NotOnOrAfter="{facts.at(facts.confirmed_until)}" Recipient="{facts.recipient}"/>'
        "</saml:SubjectConfirmation></saml:Subject>\n"
        f'  <saml:Conditions NotBefore="{facts.at(facts.not_before)}" NotOnOrAfter="{facts.at(facts.not_after)}">'
        f"{facts.audience}</saml:Conditions>\n"
        f'  <saml:AuthnStatement AuthnInstant="{facts.at(facts.issued)}"{ends}><saml:AuthnContext/>'
        f"</saml:AuthnStatement>\n"
        f"  <saml:AttributeStatement>{''.join(lines)}</saml:AttributeStatement>{facts.more}\n"
        "</saml:Assertion>"
    )


def response(facts: Facts, inside: str) -> str:
    return (
        f'<samlp:Response {NAMES} ID="_response" Version="2.0" IssueInstant="{facts.at(facts.issued)}">'
        f"<saml:Issuer>{facts.issuer}</saml:Issuer>"
        f'<samlp:Status><samlp:StatusCode Value="{facts.status}"/></samlp:Status>{inside}</samlp:Response>'
    )


@dataclass(frozen=True)
class Signer:
    """How a signature is made; a test makes a wrong one by changing one thing."""

    key: str = "first"
    uri: str | None = None
    digest: str = f"{ENC}sha256"
    method: str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
    canonical: str = EXCLUSIVE
    transforms: tuple[str, ...] = (f"{DS}enveloped-signature", EXCLUSIVE)
    prefixes: str = "xs"


def signed(text: str, signer: Signer = Signer()) -> str:
    """The document with a signature of its root element, after its first child as SAML has it."""
    root = etree.fromstring(text.encode())
    uri = f"#{root.get('ID')}" if signer.uri is None else signer.uri
    prefixes = signer.prefixes.split()
    content = etree.tostring(root, method="c14n", exclusive=True, inclusive_ns_prefixes=prefixes)
    digest = base64.b64encode(hashlib.new(signer.digest.rpartition("#")[2], content).digest()).decode()
    named = f'<ec:InclusiveNamespaces xmlns:ec="{EXCLUSIVE}" PrefixList="{signer.prefixes}"/>'
    transforms = "".join(
        f'<ds:Transform Algorithm="{each}">{named if each == EXCLUSIVE else ""}</ds:Transform>'
        for each in signer.transforms
    )
    info = (
        f'<ds:SignedInfo xmlns:ds="{DS}"><ds:CanonicalizationMethod Algorithm="{signer.canonical}"/>'
        f'<ds:SignatureMethod Algorithm="{signer.method}"/><ds:Reference URI="{uri}">'
        f'<ds:Transforms>{transforms}</ds:Transforms><ds:DigestMethod Algorithm="{signer.digest}"/>'
        f"<ds:DigestValue>{digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>"
    )
    plain = etree.tostring(etree.fromstring(info), method="c14n", exclusive=True)
    algorithm = getattr(hashes, signer.method.rpartition("-")[2].upper())()
    value = papers.rsa(signer.key).sign(plain, padding.PKCS1v15(), algorithm)
    signature = (
        f'<ds:Signature xmlns:ds="{DS}">{info}<ds:SignatureValue>{base64.b64encode(value).decode()}'
        "</ds:SignatureValue></ds:Signature>"
    )
    end = text.index("</saml:Issuer>") + len("</saml:Issuer>")
    return text[:end] + signature + text[end:]


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def whole(now: datetime, **facts: Any) -> str:
    """A response with a signed assertion, in base 64 as clients send it."""
    told = replace(Facts(now), **facts)
    return encoded(response(told, signed(assertion(told))))


def encrypted(text: str, key: str = "second", cipher: str = "aes256-cbc") -> str:
    """An EncryptedAssertion for the holder of a key."""
    secret, content = os.urandom(32 if "256" in cipher else 16), text.encode()
    if cipher.endswith("gcm"):
        nonce = os.urandom(12)
        hidden, space = nonce + AESGCM(secret).encrypt(nonce, content, None), "http://www.w3.org/2009/xmlenc11#"
    else:
        start, space = os.urandom(16), ENC
        fill = 16 - len(content) % 16
        encryptor = Cipher(algorithms.AES(secret), modes.CBC(start)).encryptor()
        hidden = start + encryptor.update(content + os.urandom(fill - 1) + bytes([fill])) + encryptor.finalize()
    oaep = padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), None)  # noqa: S303 - the default of XML encryption
    wrapped = papers.rsa(key).public_key().encrypt(secret, oaep)
    return (
        f'<saml:EncryptedAssertion><xenc:EncryptedData xmlns:xenc="{ENC}" xmlns:ds="{DS}">'
        f'<xenc:EncryptionMethod Algorithm="{space}{cipher}"/><ds:KeyInfo><xenc:EncryptedKey>'
        f'<xenc:EncryptionMethod Algorithm="{ENC}rsa-oaep-mgf1p"/>{_cipher(wrapped)}</xenc:EncryptedKey></ds:KeyInfo>'
        f"{_cipher(hidden)}</xenc:EncryptedData></saml:EncryptedAssertion>"
    )


def _cipher(value: bytes) -> str:
    text = base64.b64encode(value).decode()
    return f"<xenc:CipherData><xenc:CipherValue>{text}</xenc:CipherValue></xenc:CipherData>"


def make_provider(caller: Caller, **more: object) -> None:
    do(caller, "CreateSAMLProvider", Name="school", SAMLMetadataDocument=papers.metadata(), **more)


def make_role(caller: Caller, name: str = "teacher", **condition: object) -> str:
    """A role that trusts the provider's assertions, on conditions: its ARN."""
    statement = {"Effect": "Allow", "Principal": {"Federated": PROVIDER_ARN}, "Action": ACTIONS}
    if condition:
        statement["Condition"] = condition
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    return str(do(caller, "CreateRole", RoleName=name, AssumeRolePolicyDocument=document)["Role"]["Arn"])
