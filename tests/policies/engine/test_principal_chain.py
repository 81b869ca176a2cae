"""The chain of a caller - account, role, session - and how NotPrincipal must list it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from policies.engine import Principal, PrincipalKind
from policies.engine.principal import Principals, Way, compile_principals

ACCOUNT = "111122223333"
ROLE, SESSION = f"arn:aws:iam::{ACCOUNT}:role/ops/Auditor", f"arn:aws:sts::{ACCOUNT}:assumed-role/Auditor/bob"
USER = f"arn:aws:iam::{ACCOUNT}:user/bob"
FEDERATED = f"arn:aws:sts::{ACCOUNT}:federated-user/bob"
AUDITOR = replace(Principal.from_arn(SESSION), unique_id="AROAX:bob")
BOB = replace(Principal.from_arn(USER), unique_id="AIDAX")


def _listed(*values: str, negated: bool = True) -> Principals:
    return compile_principals([("AWS", value) for value in values], negated=negated)


@pytest.mark.parametrize(
    ("caller", "values", "exempt", "partly"),
    [
        (AUDITOR, [ACCOUNT, ROLE, SESSION], True, False),
        (AUDITOR, [ACCOUNT, "AROAX", SESSION], True, False),
        (AUDITOR, [ACCOUNT, ROLE], False, True),
        (AUDITOR, [ACCOUNT, "AROAX"], False, True),
        (AUDITOR, [ROLE, SESSION], False, True),
        (AUDITOR, [ACCOUNT, SESSION], False, True),
        (AUDITOR, ["444455556666"], False, False),
        (AUDITOR, ["*"], True, False),
        (Principal.from_arn(ROLE), [ACCOUNT, ROLE], True, False),
        (BOB, [ACCOUNT, USER], True, False),
        (BOB, [ACCOUNT, "AIDAX"], True, False),
        (BOB, [ACCOUNT], False, True),
        (BOB, [USER], False, True),
        (Principal.from_arn(FEDERATED), [ACCOUNT, FEDERATED], True, False),
        (Principal.from_arn(FEDERATED), [ACCOUNT, USER], False, True),
        (Principal.from_arn(ACCOUNT), [ACCOUNT], True, False),
        (Principal.from_arn("lambda.amazonaws.com"), [ACCOUNT], False, False),
    ],
)
def test_it_exempts_a_caller_whose_whole_chain_is_listed(
    caller: Principal, values: list[str], exempt: bool, partly: bool
) -> None:
    listed = _listed(*values)
    assert (listed.exempts(caller), listed.partly_exempts(caller)) == (exempt, partly)
    assert not _listed(*values, negated=False).partly_exempts(caller)
    assert listed.way(caller, deny=True, bounded=False) is (None if exempt else Way.DIRECT)
    assert listed.way(caller, deny=True, bounded=True) is Way.DIRECT
    assert listed.way(caller, deny=False, bounded=False) is (None if exempt or partly else Way.DIRECT)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("*", Principal(PrincipalKind.ANONYMOUS, "anonymous", "")),
        ("anonymous", Principal(PrincipalKind.ANONYMOUS, "anonymous", "")),
        (ACCOUNT, Principal(PrincipalKind.ROOT, f"arn:aws:iam::{ACCOUNT}:root", ACCOUNT)),
        ("s3.amazonaws.com.cn", Principal(PrincipalKind.SERVICE, "s3.amazonaws.com.cn", "")),
        ("graph.facebook.com", Principal(PrincipalKind.FEDERATED, "graph.facebook.com", "")),
        ("idp.example.com/x.amazonaws.com", Principal(PrincipalKind.FEDERATED, "idp.example.com/x.amazonaws.com", "")),
        ("s3.amazonaws.com/x", Principal(PrincipalKind.SERVICE, "s3.amazonaws.com/x", "")),
        (FEDERATED, Principal(PrincipalKind.FEDERATED_USER, FEDERATED, ACCOUNT, user_arn=USER)),
        (ROLE, Principal(PrincipalKind.ROLE_SESSION, ROLE, ACCOUNT, role_arn=ROLE)),
        (
            SESSION,
            Principal(PrincipalKind.ROLE_SESSION, SESSION, ACCOUNT, role_arn=f"arn:aws:iam::{ACCOUNT}:role/Auditor"),
        ),
    ],
)
def test_it_knows_all_of_a_caller_that_a_text_tells(text: str, expected: Principal) -> None:
    assert Principal.from_arn(text) == expected


@pytest.mark.parametrize(
    ("kind", "value", "caller", "way"),
    [
        ("AWS", "AROAX", AUDITOR, Way.DIRECT),
        ("AWS", "AROAX:bob", AUDITOR, None),
        ("AWS", "AIDAX", BOB, Way.DIRECT),
        ("AWS", "", replace(BOB, unique_id=""), None),
        ("CanonicalUser", "", replace(BOB, canonical_id=""), None),
        ("AWS", f"arn:aws:iam::{ACCOUNT}:group/g", BOB, None),
        ("Unknown", USER, BOB, None),
        ("Service", USER, BOB, None),
        ("Federated", "accounts.google.com", Principal.from_arn("accounts.google.com"), Way.DIRECT),
        ("Federated", "www.amazon.com", Principal.from_arn("accounts.google.com"), None),
    ],
)
def test_it_names_a_caller_in_one_way(kind: str, value: str, caller: Principal, way: Way | None) -> None:
    assert compile_principals([(kind, value)], negated=False).way(caller, deny=False, bounded=False) is way


def test_it_knows_of_a_caller_only_what_it_was_told() -> None:
    plain = Principal(PrincipalKind.USER, USER, ACCOUNT)
    assert (plain.unique_id, plain.role_arn, plain.user_arn, plain.canonical_id) == ("", "", "", "")
    assert not plain.service_linked
    kinds = "root user role-session federated-user service federated anonymous"
    assert [kind.value for kind in PrincipalKind] == kinds.split()
