"""The public keys of OpenID Connect providers (a JWK set), as they were given: nothing is fetched from a provider.

Source: RFC 7517 and 7518; IAM user guide, id_roles_providers_create_oidc (keys and algorithms that STS accepts).
"""

from __future__ import annotations

import json
from collections.abc import Mapping

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

LONGEST = 100_000
MOST_KEYS = 100
SMALLEST_RSA = 2_048
# What a key of a curve may sign with; an RSA key may sign with any of three.
CURVES = {"P-256": "ES256", "P-384": "ES384", "P-521": "ES512"}
RSA = ("RS256", "RS384", "RS512")
# What a public key is made of. Other members (certificates, addresses to fetch them from) are not kept.
KEPT = ("kty", "kid", "alg", "n", "e", "crv", "x", "y")


class BadKeys(ValueError):
    """The text is no set of public keys that can be used."""


def read(text: str) -> list[dict[str, str]]:
    """The signing keys of a JWK set. Raises BadKeys."""
    if len(text) > LONGEST:
        raise BadKeys(f"A key set has at most {LONGEST} characters.")
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        raise BadKeys("The key set is not JSON.") from None
    listed = said.get("keys") if isinstance(said, dict) else None
    if not isinstance(listed, list) or len(listed) > MOST_KEYS:
        raise BadKeys(f"A key set is an object with a list `keys` of at most {MOST_KEYS} keys.")
    keys = [_kept(each) for each in listed if not (isinstance(each, dict) and each.get("use", "sig") != "sig")]
    if not keys:
        raise BadKeys("The key set has no key that signs.")
    if len({key["kid"] for key in keys}) < len(keys):
        raise BadKeys("Each key needs a `kid` of its own.")
    return keys


def _kept(given: object) -> dict[str, str]:
    if not isinstance(given, dict) or not isinstance(given.get("kid"), str) or not given["kid"]:
        raise BadKeys("Each key needs a `kid`.")
    if "d" in given or "k" in given:
        raise BadKeys(f"Key {given['kid']} is secret; only public keys belong here.")
    key = {name: given[name] for name in KEPT if isinstance(given.get(name), str)}
    if given.get("alg", "") not in ("", *algorithms(key)):
        raise BadKeys(f"Key {key['kid']} is for an algorithm that is not accepted.")
    public(key)
    return key


def algorithms(key: Mapping[str, str]) -> tuple[str, ...]:
    """What a token under this key may be signed with: the key says it, never the token."""
    able: tuple[str, ...] = ()
    if key.get("kty") == "RSA":
        able = RSA
    elif key.get("kty") == "EC" and key.get("crv") in CURVES:
        able = (CURVES[key["crv"]],)
    named = key.get("alg")
    return able if named is None else tuple(each for each in able if each == named)


def public(key: Mapping[str, str]) -> jwt.PyJWK:
    """The key ready for use. Raises BadKeys."""
    able = algorithms(key)
    try:
        if able:
            made = jwt.PyJWK(dict(key), algorithm=able[0])
            if not isinstance(made.key, RSAPublicKey) or made.key.key_size >= SMALLEST_RSA:
                return made
    except (jwt.PyJWTError, ValueError, TypeError):
        pass
    raise BadKeys(f"Key {key.get('kid')} is neither RSA of at least {SMALLEST_RSA} bits nor on P-256, P-384 or P-521.")
