"""Tokens about this account's principals for services outside: the issuer, its keys, the claims.

Source: STS API reference, GetWebIdentityToken; IAM user guide, id_roles_providers_outbound_token_claims.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from django.conf import settings
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from accounts.caller import Caller, CallerKind
from accounts.models import Account
from iamconsole import sealing
from iamconsole.operations.secrets import Secret
from iamconsole.times import to_the_second
from identities.models import Role, TokenIssuer, TokenKey, User
from identities.tags import as_mapping

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
ALGORITHMS = ("RS256", "ES384")
REGION, OWN = "us-east-1", "https://sts.amazonaws.com/"


def url_of(issuer: TokenIssuer) -> str:
    """Where services outside find the issuer's keys: below the console's own address, which a setting names."""
    return f"{settings.ORIGINS[0]}/federation/{issuer.pk}"


def of(account_id: str) -> TokenIssuer | None:
    """The account's issuer, if it is turned on."""
    found: TokenIssuer | None = TokenIssuer.objects.of(account_id).filter(enabled=True).first()
    return found


def make(account: Account, now: datetime) -> TokenIssuer:
    """A new issuer with a key for each algorithm."""
    issuer = TokenIssuer.objects.create(pk=str(uuid4()), account=account, created_at=now)
    for algorithm in ALGORITHMS:
        row = TokenKey(pk=str(uuid4()), account=account, issuer=issuer, algorithm=algorithm, created_at=now)
        row.sealed_key = sealed(_new_key(algorithm), row.pk, account.pk)
        row.save(force_insert=True)
    return issuer


def _new_key(algorithm: str) -> Secret:
    key: PrivateKey = ec.generate_private_key(ec.SECP384R1())
    if algorithm == "RS256":
        key = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
    return Secret(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode())


def sealed(key: Secret, key_id: str, account_id: str) -> str:
    """The key as it is stored."""
    return sealing.seal(key, _place(key_id, account_id))


def secret_of(row: TokenKey) -> Secret:
    """The key itself, in PEM."""
    return sealing.unseal(row.sealed_key, _place(row.pk, row.account_id))


def _place(key_id: str, account_id: str) -> str:
    return f"token_key|{key_id}|{account_id}"


def _private(row: TokenKey) -> PrivateKey:
    key = load_pem_private_key(secret_of(row).reveal().encode(), None)
    assert isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey)
    return key


def token(issuer: TokenIssuer, algorithm: str, claims: Mapping[str, object]) -> Secret:
    """The claims, signed."""
    row = issuer.keys.filter(algorithm=algorithm).latest("created_at")
    return Secret(jwt.encode(dict(claims), _private(row), algorithm=algorithm, headers={"kid": row.pk}))


def key_set(issuer: TokenIssuer) -> dict[str, object]:
    """The public keys, as a JWK set; those of a disabled issuer too, as its tokens stay good."""
    return {"keys": [_public(row) for row in issuer.keys.order_by("created_at", "pk")]}


def _public(row: TokenKey) -> dict[str, Any]:
    public = _private(row).public_key()
    if isinstance(public, rsa.RSAPublicKey):
        described = RSAAlgorithm.to_jwk(public, as_dict=True)
    else:
        described = ECAlgorithm.to_jwk(public, as_dict=True)
    return {**described, "kid": row.pk, "use": "sig", "alg": row.algorithm}


def discovery(issuer: TokenIssuer) -> dict[str, object]:
    """What OpenID Connect clients read first."""
    url = url_of(issuer)
    return {
        "issuer": url,
        "jwks_uri": f"{url}/.well-known/jwks.json",
        "response_types_supported": ["id_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": list(ALGORITHMS),
        "claims_supported": ["aud", "exp", "iat", "iss", "jti", "sub"],
    }


def claims(
    caller: Caller, issuer: TokenIssuer, audience: Sequence[str], tags: Mapping[str, str], issued: float, expires: float
) -> dict[str, object]:
    """Who the caller is, as the token says it."""
    session = caller.session
    principal = session.role_arn if session and session.role_arn else caller.arn
    facts: dict[str, object] = {
        "aws_account": caller.account_id,
        "source_region": REGION,
        "principal_id": principal,
        "principal_tags": {**_own_tags(caller), **dict(session.tags if session else ())},
        "request_tags": dict(tags),
        "federated_provider": session.provider if session else "",
        "source_identity": session.source_identity if session else "",
    }
    if session:
        facts["original_session_exp"] = to_the_second(datetime.fromtimestamp(session.expires_at, UTC))
    return {
        "iss": url_of(issuer),
        "aud": audience[0] if len(audience) == 1 else list(audience),
        "sub": principal,
        "iat": int(issued),
        "exp": int(expires),
        "jti": str(uuid4()),
        OWN: {name: value for name, value in facts.items() if value},
    }


def _own_tags(caller: Caller) -> Mapping[str, str]:
    if caller.kind is CallerKind.USER:
        tags = User.objects.of(caller.account_id).filter(pk=caller.principal_id)
        return as_mapping(tags.values_list("tags", flat=True).first() or [])
    if caller.kind is CallerKind.ROLE_SESSION:
        roles = Role.objects.of(caller.account_id).filter(pk=caller.principal_id.partition(":")[0])
        return as_mapping(roles.values_list("tags", flat=True).first() or [])
    return {}
