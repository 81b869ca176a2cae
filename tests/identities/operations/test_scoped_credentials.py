"""Credentials narrowed by GetScopedCredentials: each scope takes away, none gives, and all end with the session."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from django.utils import timezone

from accounts.caller import Caller, Session
from iamconsole.operations import door
from iamconsole.operations.errors import ApiError
from identities import temporary
from tests.identities.steps import do, error, trust
from tests.world import World


def document(*actions: str, effect: str = "Allow") -> str:
    statement = {"Effect": effect, "Action": list(actions), "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


LISTING, USERS = document("iam:List*", "sts:*"), document("iam:*User*", "sts:*")


def session(key: Any) -> Caller:
    said = temporary.read(key["SessionToken"], key["AccessKeyId"])
    assert said is not None
    return said.caller


def scoped(caller: Caller, **given: object) -> dict[str, Any]:
    return door.perform(caller, "sts:GetScopedCredentials", given)


def narrowed(caller: Caller, policy: str) -> Caller:
    return session(scoped(caller, Policy=policy)["Credentials"])


def refusal(caller: Caller, **given: object) -> str:
    with pytest.raises(ApiError) as raised:
        scoped(caller, **given)
    return raised.value.code


@pytest.fixture
def role(world: World) -> Caller:
    """A session of a role that may do everything."""
    arn = do(world.alice, "CreateRole", RoleName="all", AssumeRolePolicyDocument=trust(AWS=world.alice.arn))["Role"][
        "Arn"
    ]
    do(world.alice, "PutRolePolicy", RoleName="all", PolicyName="all", PolicyDocument=document("*"))
    answer = door.perform(world.alice, "sts:AssumeRole", {"RoleArn": arn, "RoleSessionName": "visit"})
    return session(answer["Credentials"])


def test_it_narrows_and_keeps_the_principal(role: Caller) -> None:
    answer = scoped(role, Policy=LISTING)
    caller = session(answer["Credentials"])
    assert answer["SessionInfo"] == {"ScopedSessionId": role.principal_id, "Arn": role.arn}
    assert (answer["ScopedPoliciesCount"], caller.arn) == (1, role.arn)
    do(caller, "ListUsers")
    code, message = error(caller, "GetUser", UserName="bob")
    assert (code, message.endswith("no session policy allows the iam:GetUser action")) == ("AccessDenied", True)


def test_it_narrows_again_within_what_is_left(role: Caller) -> None:
    caller = narrowed(narrowed(role, LISTING), USERS)
    do(caller, "ListUsers")
    assert error(caller, "ListRoles")[0] == error(caller, "GetUser", UserName="bob")[0] == "AccessDenied"
    denied = narrowed(role, json.dumps({"Version": "2012-10-17", "Statement": json.loads(LISTING)["Statement"]}))
    assert error(narrowed(denied, document("iam:ListUsers", effect="Deny")), "ListUsers")[1].endswith(
        "with an explicit deny in a session policy"
    )


def test_it_gives_nothing_that_the_session_lacks(world: World, role: Caller) -> None:
    do(world.alice, "PutRolePolicy", RoleName="all", PolicyName="all", PolicyDocument=LISTING)
    assert error(narrowed(role, document("*")), "GetUser", UserName="bob")[0] == "AccessDenied"


def test_it_narrows_what_get_session_token_gave(world: World) -> None:
    own = session(door.perform(world.alice, "sts:GetSessionToken")["Credentials"])
    own = replace(own, mfa=True, mfa_time=timezone.now().timestamp())
    caller = replace(narrowed(own, LISTING), mfa=True)
    do(caller, "ListUsers")
    assert error(caller, "GetUser", UserName="bob")[0] == "AccessDenied"


def test_it_narrows_root(world: World) -> None:
    now = timezone.now().timestamp()
    root = replace(world.root, session=Session(now, now + 900))
    caller = narrowed(root, LISTING)
    do(caller, "ListUsers")
    assert error(caller, "GetUser", UserName="bob")[0] == "AccessDenied"


def test_it_gives_a_federated_user_nothing_it_had_not(world: World) -> None:
    answer = door.perform(world.alice, "sts:GetFederationToken", {"Name": "guest"})
    guest = session(answer["Credentials"])
    with_scope = replace(guest, session=replace(guest.session, scopes=(document("*"),)))  # type: ignore[type-var]
    assert error(with_scope, "ListUsers")[0] == "AccessDenied"


def test_it_ends_with_the_session_or_sooner_and_stays_as_old(role: Caller) -> None:
    assert role.session is not None
    kept = session(scoped(role, Policy=LISTING)["Credentials"]).session
    sooner = session(scoped(role, DurationSeconds=60)["Credentials"]).session
    assert kept is not None and sooner is not None
    assert kept.expires_at == role.session.expires_at
    assert sooner.expires_at < role.session.expires_at
    assert sooner.issued_at == kept.issued_at == role.session.issued_at
    assert refusal(role, DurationSeconds=7_200) == "InsufficientSessionLifetime"


def test_it_needs_temporary_credentials_and_a_wish(world: World, role: Caller) -> None:
    assert refusal(world.alice, Policy=LISTING) == "InvalidSubjectCredentials"
    assert refusal(role) == "ValidationError"
    assert refusal(role, Policy="{") == "MalformedPolicyDocument"


def test_it_scopes_three_times_at_most(role: Caller) -> None:
    caller = role
    for _ in range(3):
        caller = narrowed(caller, document("*"))
    assert refusal(caller, Policy=LISTING) == "AccessDenied"
    assert scoped(caller, DurationSeconds=60)["ScopedPoliciesCount"] == 3
