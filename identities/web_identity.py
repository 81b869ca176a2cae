"""Who an OpenID Connect token is about: its signature, issuer, audience and times, held against one provider.

Source: STS API reference, AssumeRoleWithWebIdentity; IAM user guide, reference_policies_iam-condition-keys (OIDC
federation) and id_session-tags (tags in a token).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import partial

import jwt

from accounts.caller import Assertion
from iamconsole.operations.secrets import Secret
from identities import jwks, propagation
from identities.models import OidcProvider
from identities.web_identity_errors import ExpiredToken, InvalidIdentityToken

TAGS, SOURCE_IDENTITY = "https://aws.amazon.com/tags", "https://aws.amazon.com/source_identity"
# Clocks differ: a token may come from a provider that is this many seconds ahead.
AHEAD = 60
MOST_TAGS = 50
NO_KEY = (
    "Couldn't retrieve verification key from your identity provider, "
    "please reference AssumeRoleWithWebIdentity documentation for requirements"
)
Claims = Mapping[str, object]


def verified(token: Secret, account_id: str, now: datetime) -> Assertion:
    """What the token says, when a provider of the account signed it. Raises InvalidIdentityToken or ExpiredToken."""
    issuer = _text(_unverified(token.reveal()), "iss")
    provider = OidcProvider.objects.of(account_id).filter(url=issuer.removeprefix("https://")).first()
    if provider is None or not issuer.startswith("https://"):
        raise InvalidIdentityToken(f"No OpenIDConnect provider found in your account for {issuer[:256]}")
    claims = _signed_claims(token.reveal(), provider)
    _check_times(claims, now)
    return _assertion(provider, claims)


def _unverified(token: str) -> Claims:
    """What the token claims, to find the provider by; nothing of it is believed yet."""
    try:
        claims = jwt.decode(token, options={"verify_signature": False})
    except (jwt.PyJWTError, ValueError, RecursionError):
        raise InvalidIdentityToken("The ID Token provided is not a valid JWT.") from None
    return dict(claims)


def _signed_claims(token: str, provider: OidcProvider) -> Claims:
    header = jwt.get_unverified_header(token)
    key = next((each for each in provider.keys if each["kid"] == header.get("kid")), None)
    if key is None:
        raise InvalidIdentityToken(NO_KEY)
    if "crit" in header or header.get("b64") is False:
        raise InvalidIdentityToken("The ID Token provided is not a valid JWT.")
    # The key says what may sign, never the token: no `none`, no public key taken for a shared secret.
    algorithms = [each for each in jwks.algorithms(key) if each == header.get("alg")]
    if not algorithms:
        raise InvalidIdentityToken("The ID Token is signed with an algorithm that its key is not for.")
    try:
        payload = jwt.PyJWS().decode(token, jwt.PyJWK(dict(key), algorithm=algorithms[0]), algorithms=algorithms)
    except (jwt.PyJWTError, ValueError, TypeError):
        raise InvalidIdentityToken("The ID Token signature is not valid.") from None
    claims: Claims = json.loads(payload)
    return claims


def _check_times(claims: Claims, now: datetime) -> None:
    at = now.timestamp()
    if _moment(claims, "exp") <= at:
        raise ExpiredToken(
            f"Token expired: current date/time {int(at)} must be before the expiration date/time "
            f"{int(_moment(claims, 'exp'))}"
        )
    if _moment(claims, "iat") > at + AHEAD:
        raise InvalidIdentityToken("The ID Token was issued in the future.")
    if "nbf" in claims and _moment(claims, "nbf") > at:
        raise InvalidIdentityToken("The ID Token is not valid yet.")


def _moment(claims: Claims, name: str) -> float:
    value = claims.get(name)
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 10**11:
        return value
    raise InvalidIdentityToken(f"Missing or invalid claim: {name}")


def _assertion(provider: OidcProvider, claims: Claims) -> Assertion:
    subject, audience = _text(claims, "sub"), _audience(provider, claims)
    keys: dict[str, str | tuple[str, ...]] = {"aud": audience, "sub": subject}
    if isinstance(claims.get("email"), str):
        keys["email"] = str(claims["email"])
    if amr := _texts(claims.get("amr")):
        keys["amr"] = amr
    if "azp" in claims:
        # The party a token was made for is its audience; what `aud` says besides has a key of its own.
        keys["oaud"] = _texts(claims.get("aud"))
    tags, transitive = _tags(claims.get(TAGS))
    source = claims.get(SOURCE_IDENTITY)
    return Assertion(
        provider.arn,
        f"https://{provider.url}",
        subject,
        audience,
        tuple((f"{provider.url}:{name}", value) for name, value in keys.items()),
        tags,
        transitive,
        source if isinstance(source, str) else "",
        context=propagation.keys_of(provider.context_provider, provider.arn, provider.url, partial(_one, claims)),
    )


def _one(claims: Claims, name: str) -> str | None:
    """The claim as one text; a number or truth value is one too."""
    value = claims.get(name)
    if isinstance(value, bool):
        return str(value).lower()
    texts = _texts(str(value) if isinstance(value, int) else value)
    return texts[0] if len(texts) == 1 else None


def _audience(provider: OidcProvider, claims: Claims) -> str:
    """The one client the token was made for; the provider must list it."""
    named = _texts(claims.get("azp")) or _texts(claims.get("aud"))
    if len(named) != 1 or named[0] not in provider.client_ids:
        raise InvalidIdentityToken("Incorrect token audience")
    return named[0]


def _tags(said: object) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    """Session tags in the token: `principal_tags` with one value each, and those that go on through chaining."""
    if said is None:
        return (), ()
    tags = said.get("principal_tags", {}) if isinstance(said, dict) else None
    if not isinstance(tags, dict) or len(tags) > MOST_TAGS or not all(map(_is_tag, tags, tags.values())):
        raise InvalidIdentityToken("The session tags in the ID Token cannot be read.")
    assert isinstance(said, dict)
    return tuple((key, _texts(value)[0]) for key, value in tags.items()), _texts(said.get("transitive_tag_keys"))


def _is_tag(key: str, value: object) -> bool:
    values = _texts(value)
    return 0 < len(key) <= 128 and len(values) == 1 and len(values[0]) <= 256


def _texts(value: object) -> tuple[str, ...]:
    """One text or a list of texts; nothing where anything else is among them."""
    listed: list[object] = value if isinstance(value, list) else [value]
    texts = [each for each in listed if isinstance(each, str) and each]
    return tuple(texts) if len(texts) == len(listed) else ()


def _text(claims: Claims, name: str) -> str:
    value = claims.get(name)
    if isinstance(value, str) and value:
        return value
    raise InvalidIdentityToken(f"Missing a required claim: {name}")
