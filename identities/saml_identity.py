"""Who a SAML assertion is about, as trust policies ask for it: `saml:` keys, session tags, the pairs of roles.

Source: STS API reference, AssumeRoleWithSAML; IAM user guide, reference_policies_iam-condition-keys (SAML federation)
and id_roles_providers_create_saml_assertions.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from cryptography.x509 import load_der_x509_certificate

from accounts.caller import Assertion
from iamconsole.operations.secrets import Secret
from identities import propagation, saml, saml_keys, saml_response
from identities.models import SamlProvider
from identities.queries_providers import maybe_saml
from identities.saml_response import Said, Trusted
from identities.web_identity import MOST_TAGS
from identities.web_identity_errors import InvalidIdentityToken

ATTRIBUTE = "https://aws.amazon.com/SAML/Attributes/"
_TAG = f"{ATTRIBUTE}PrincipalTag:"
_NAME_FORMAT = "urn:oasis:names:tc:SAML:2.0:nameid-format:"
_SESSION_NAME = re.compile(r"[a-zA-Z_0-9+=,.@-]{2,64}")
# Attributes of eduPerson, eduOrg, X.500 and Active Directory that have condition keys of their own.
_KEYS = {
    **{
        f"urn:oid:1.3.6.1.4.1.5923.1.1.1.{number}": f"eduperson{name}"
        for number, name in enumerate(
            (
                "affiliation", "nickname", "orgdn", "orgunitdn", "primaryaffiliation", "principalname", "entitlement",
                "primaryorgunitdn", "scopedaffiliation", "targetedid", "assurance",
            ),
            1,
        )
    },
    **{
        f"urn:oid:1.3.6.1.4.1.5923.1.2.1.{number}": f"eduorg{name}"
        for number, name in enumerate(
            ("homepageuri", "identityauthnpolicyuri", "legalname", "superioruri", "whitepagesuri"), 2
        )
    },
    "urn:oid:2.5.4.3": "cn",
    "urn:oid:2.5.4.45": "x500UniqueIdentifier",
    "urn:oid:0.9.2342.19200300.100.1.1": "uid",
    "urn:oid:0.9.2342.19200300.100.1.3": "mail",
    "urn:oid:0.9.2342.19200300.100.1.45": "organizationStatus",
    "http://schemas.xmlsoap.org/claims/CommonName": "commonName",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname": "givenName",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name": "name",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname": "surname",
    "http://schemas.microsoft.com/ws/2008/06/identity/claims/primarygroupsid": "primaryGroupSID",
}  # fmt: skip
# Of these AWS makes one value, of the others a list.
_SINGLE = {
    "commonName", "edupersonorgdn", "edupersonprimaryaffiliation", "edupersonprimaryorgunitdn",
    "edupersonprincipalname", "givenName", "mail", "name", "organizationStatus", "primaryGroupSID", "surname", "uid",
    "x500UniqueIdentifier",
}  # fmt: skip


def verified(account_id: str, role_arn: str, provider_arn: str, text: Secret, now: datetime) -> Assertion | None:
    """What a provider's response says, verified; None where it does not give the role to its bearer."""
    provider = maybe_saml(account_id, provider_arn)
    if provider is None:
        raise InvalidIdentityToken("Specified provider doesn't exist.")
    if provider.valid_until <= now:
        raise InvalidIdentityToken("The metadata document of the specified provider has expired.")
    said = saml_response.read(text.reveal(), _trusted(provider), now)
    if (role_arn, provider_arn) not in set(_pairs(said)):
        return None
    return _assertion(provider, said)


def _trusted(provider: SamlProvider) -> Trusted:
    keys = tuple(
        key
        for row in provider.keys.order_by("-created_at", "pk")
        if isinstance(key := load_pem_private_key(saml_keys.secret_of(row).reveal().encode(), None), RSAPrivateKey)
    )
    return Trusted(saml.read(provider.metadata), keys, provider.encryption == "Required")


def _pairs(said: Said) -> Iterator[tuple[str, str]]:
    """The roles for the bearer, each with the provider it comes by; the two stand in either order."""
    values = said.attributes.get(f"{ATTRIBUTE}Role", ())
    if not values:
        raise InvalidIdentityToken("Your request included an invalid SAML response: it names no role.")
    for value in values:
        first, _, second = (part.strip() for part in value.partition(","))
        yield (second, first) if ":saml-provider/" in first else (first, second)


def _assertion(provider: SamlProvider, said: Said) -> Assertion:
    qualifier = name_qualifier(said.issuer, provider.account_id, provider.name)
    kind = said.subject_format.removeprefix(_NAME_FORMAT)
    keys: dict[str, str | tuple[str, ...]] = {
        "aud": said.recipient,
        "doc": f"{provider.account_id}/{provider.name}",
        "iss": said.issuer,
        "namequalifier": qualifier,
        "sub": said.subject,
        **({"sub_type": kind} if kind else {}),
        **dict(_attribute_keys(said.attributes)),
    }
    return Assertion(
        provider.arn,
        said.issuer,
        said.subject,
        said.recipient,
        tuple((f"saml:{name}", value) for name, value in keys.items()),
        _tags(said.attributes),
        said.attributes.get(f"{ATTRIBUTE}TransitiveTagKeys", ()),
        _source_identity(said.attributes),
        session_name=_session_name(said.attributes),
        subject_type=kind,
        name_qualifier=qualifier,
        ends_at=said.session_ends.timestamp() if said.session_ends else None,
        context=propagation.keys_of(provider.context_provider, provider.arn, _signer(said), partial(_one, said)),
        was_encrypted=said.was_encrypted,
    )


def _attribute_keys(attributes: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str | tuple[str, ...]]]:
    for name, values in attributes.items():
        if name in _KEYS and values:
            key = _KEYS[name]
            yield key, values[0] if key in _SINGLE and len(values) == 1 else values


def _signer(said: Said) -> str:
    """A hash of the key that signed: in trusted context that is the issuer of an assertion."""
    public = load_der_x509_certificate(said.signed_by).public_key()
    return hashlib.sha256(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def _one(said: Said, name: str) -> str | None:
    """The attribute's one value, or what the assertion says of its subject."""
    values = said.attributes.get(name, (said.subject,) if name == "NameID" else ())
    return values[0] if len(values) == 1 else None


def name_qualifier(issuer: str, account_id: str, provider_name: str) -> str:
    """With the subject it tells one person from all others: AWS's own formula, SHA-1 and all."""
    text = f"{issuer}{account_id}/{provider_name}"
    return base64.b64encode(hashlib.sha1(text.encode(), usedforsecurity=False).digest()).decode()


def _session_name(attributes: Mapping[str, tuple[str, ...]]) -> str:
    names = attributes.get(f"{ATTRIBUTE}RoleSessionName", ())
    if len(names) != 1:
        raise InvalidIdentityToken("RoleSessionName is required in AuthnResponse")
    if not _SESSION_NAME.fullmatch(names[0]):
        raise InvalidIdentityToken("RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}")
    return names[0]


def _source_identity(attributes: Mapping[str, tuple[str, ...]]) -> str:
    given = attributes.get(f"{ATTRIBUTE}SourceIdentity", ())
    if not given:
        return ""
    if len(given) > 1 or not _SESSION_NAME.fullmatch(given[0]) or given[0].startswith("aws:"):
        raise InvalidIdentityToken('Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64} and not begin with "aws:"')
    return given[0]


def _tags(attributes: Mapping[str, tuple[str, ...]]) -> tuple[tuple[str, str], ...]:
    tags = {name.removeprefix(_TAG): values for name, values in attributes.items() if name.startswith(_TAG)}
    for key, values in tags.items():
        if not 0 < len(key) <= 128 or len(values) > 1 or len("".join(values)) > 256:
            raise InvalidIdentityToken("The session tags in the SAML assertion cannot be read.")
    if len(tags) > MOST_TAGS:
        raise InvalidIdentityToken("The SAML assertion has more than 50 session tags.")
    return tuple((key, "".join(values)) for key, values in tags.items())
