"""An OpenID Connect provider made for the tests: its keys, its tokens, a role that trusts it."""

from __future__ import annotations

import json
from datetime import datetime
from functools import lru_cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from accounts.caller import Caller
from iamconsole.operations.door import perform
from tests.cast import ACCOUNT_ID
from tests.identities import papers
from tests.identities.steps import do

HOST = "idp.example.com/realm"
PROVIDER_ARN = f"arn:aws:iam::{ACCOUNT_ID}:oidc-provider/{HOST}"
AUDIENCE, SUBJECT = "sts.amazonaws.com", "repo:school/lab:ref:refs/heads/main"
ACTIONS = ["sts:AssumeRoleWithWebIdentity", "sts:TagSession", "sts:SetSourceIdentity", "sts:SetContext"]


@lru_cache
def curve() -> EllipticCurvePrivateKey:
    return generate_private_key(SECP256R1())


def keys() -> list[dict[str, Any]]:
    rsa = RSAAlgorithm.to_jwk(papers.rsa("first").public_key(), as_dict=True)
    elliptic = ECAlgorithm.to_jwk(curve().public_key(), as_dict=True)
    return [{**rsa, "kid": "one", "use": "sig", "alg": "RS256"}, {**elliptic, "kid": "two"}]


def key_set() -> str:
    return json.dumps({"keys": keys()})


def claims(now: datetime, **other: object) -> dict[str, object]:
    at = int(now.timestamp())
    said = {"iss": f"https://{HOST}", "sub": SUBJECT, "aud": AUDIENCE, "iat": at - 10, "nbf": at - 10, "exp": at + 600}
    return {name: value for name, value in {**said, **other}.items() if value is not None}


def signed(
    now: datetime, *, kid: str | None = "one", algorithm: str = "RS256", key: Any = None, **other: object
) -> str:
    """A token as the provider would sign it; `other` replaces claims, None leaves one out."""
    key = key or (curve() if algorithm == "ES256" else papers.rsa("first"))
    headers = {"kid": kid} if kid is not None else {}
    return jwt.encode(claims(now, **other), key, algorithm=algorithm, headers=headers)


def make_provider(caller: Caller) -> None:
    """The provider with its keys, in the caller's account."""
    do(caller, "CreateOpenIDConnectProvider", Url=f"https://{HOST}", ClientIDList=[AUDIENCE, "second"])
    given = {"OpenIDConnectProviderArn": PROVIDER_ARN, "KeySet": key_set()}
    perform(caller, "iamconsole:PutOpenIDConnectProviderKeys", given)


def make_role(caller: Caller, name: str = "builder", **condition: object) -> str:
    """A role that trusts the provider's tokens, on conditions: its ARN."""
    statement = {"Effect": "Allow", "Principal": {"Federated": PROVIDER_ARN}, "Action": ACTIONS}
    if condition:
        statement["Condition"] = condition
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    return str(do(caller, "CreateRole", RoleName=name, AssumeRolePolicyDocument=document)["Role"]["Arn"])
