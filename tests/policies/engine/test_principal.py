"""Who asks: callers out of ARNs, and what a case in the neutral format cannot say about them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from policies.engine import Outcome, PolicySet, Principal, PrincipalKind, Request, decide
from tests.policies.engine.build import ALICE, BOB, FULL, policy, statement

FEDERATED = "arn:aws:sts::111122223333:federated-user/build"


@pytest.mark.parametrize(
    ("text", "kind", "account"),
    [
        ("arn:aws:iam::111122223333:root", PrincipalKind.ROOT, "111122223333"),
        ("111122223333", PrincipalKind.ROOT, "111122223333"),
        ("arn:aws:iam::111122223333:user/dev/bob", PrincipalKind.USER, "111122223333"),
        ("arn:aws:sts::111122223333:assumed-role/Auditor/bob", PrincipalKind.ROLE_SESSION, "111122223333"),
        ("arn:aws:iam::111122223333:role/ops/Auditor", PrincipalKind.ROLE_SESSION, "111122223333"),
        (FEDERATED, PrincipalKind.FEDERATED_USER, "111122223333"),
        ("arn:aws:iam::111122223333:saml-provider/Corp", PrincipalKind.FEDERATED, "111122223333"),
        ("lambda.amazonaws.com", PrincipalKind.SERVICE, ""),
        ("cognito-identity.amazonaws.com", PrincipalKind.FEDERATED, ""),
        ("accounts.google.com", PrincipalKind.FEDERATED, ""),
        ("anonymous", PrincipalKind.ANONYMOUS, ""),
    ],
)
def test_it_reads_callers_from_text(text: str, kind: PrincipalKind, account: str) -> None:
    caller = Principal.from_arn(text)
    assert (caller.kind, caller.account_id) == (kind, account)


def test_it_sees_a_service_linked_role_by_its_path_and_by_its_name() -> None:
    by_path = Principal.from_arn("arn:aws:iam::111122223333:role/aws-service-role/ecs.amazonaws.com/X")
    by_name = Principal.from_arn("arn:aws:sts::111122223333:assumed-role/AWSServiceRoleForECS/x")
    assert (by_path.service_linked, by_name.service_linked) == (True, True)
    assert not Principal.from_arn("arn:aws:sts::111122223333:assumed-role/Auditor/x").service_linked


def test_it_matches_a_federated_session_by_the_user_who_called() -> None:
    # 4.12: the session's name is free, the user behind it is not.
    named = policy(statement("Allow", Principal={"AWS": BOB}))
    policies = PolicySet(resource=named, session=(FULL,))
    session = replace(Principal.from_arn(FEDERATED), user_arn=BOB)
    assert decide(_request(session), policies).outcome is Outcome.ALLOWED
    assert decide(_request(replace(session, user_arn=ALICE)), policies).outcome is Outcome.IMPLICITLY_DENIED


def test_it_matches_a_canonical_user_as_its_account() -> None:
    named = policy(statement("Allow", Principal={"CanonicalUser": "79a5"}))
    charlie = replace(Principal.from_arn("arn:aws:iam::444455556666:user/charlie"), canonical_id="79a5")
    decision = decide(_request(charlie), PolicySet(identity=(FULL,), resource=named))
    assert (decision.outcome, decision.resource_match) == (Outcome.ALLOWED, "account")
    stranger = replace(charlie, canonical_id="")
    assert decide(_request(stranger), PolicySet(identity=(FULL,), resource=named)).outcome is Outcome.IMPLICITLY_DENIED


@pytest.mark.parametrize(
    ("principal", "way"),
    [({"AWS": BOB}, "direct"), ({"AWS": "111122223333"}, "account"), ("*", "direct"), ({"AWS": ALICE}, "")],
)
def test_it_tells_how_the_resource_policy_reached_the_caller(principal: object, way: str) -> None:
    policies = PolicySet(identity=(FULL,), resource=policy(statement("Allow", Principal=principal)))
    assert decide(_request(Principal.from_arn(BOB)), policies).resource_match == way


def test_it_tells_that_the_resource_policy_reached_the_role_behind_a_session() -> None:
    named = policy(statement("Allow", Principal={"AWS": "arn:aws:iam::111122223333:role/Auditor"}))
    session = Principal.from_arn("arn:aws:sts::111122223333:assumed-role/Auditor/bob")
    assert decide(_request(session), PolicySet(resource=named)).resource_match == "role"


def _request(caller: Principal) -> Request:
    return Request(caller, "s3:GetObject", "arn:aws:s3:::reports/q1.csv", "111122223333")
