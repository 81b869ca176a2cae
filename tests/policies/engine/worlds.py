"""Random worlds: cases in the neutral format, out of small vocabularies, so that things often meet."""

from __future__ import annotations

import os
from typing import Any

from hypothesis import strategies as st

# How many worlds the differential test looks at: more for a long run.
WORLDS = int(os.environ.get("IAMCONSOLE_WORLDS", "300"))

A, B = "111122223333", "444455556666"
ALICE, BOB, CHARLIE = (f"arn:aws:iam::{A}:user/alice", f"arn:aws:iam::{A}:user/bob", f"arn:aws:iam::{B}:user/charlie")
SESSION, ROLE = f"arn:aws:sts::{A}:assumed-role/Auditor/bob", f"arn:aws:iam::{A}:role/Auditor"
FEDERATED, SAML = f"arn:aws:sts::{A}:federated-user/bob", f"arn:aws:iam::{A}:saml-provider/Corp"
SERVICE_ROLE = f"arn:aws:sts::{A}:assumed-role/AWSServiceRoleForSupport/x"
CALLERS = [ALICE, BOB, BOB, BOB, CHARLIE, SESSION, SESSION, ROLE, FEDERATED, SAML, SERVICE_ROLE]
CALLERS += [
    f"arn:aws:iam::{A}:root",
    f"arn:aws:iam::{B}:root",
    "lambda.amazonaws.com",
    "accounts.google.com",
    "anonymous",
]

ACTIONS = [*["s3:GetObject"] * 6, "s3:PutObject", "S3:GETOBJECT", "iam:DeletePolicy", "kms:Decrypt", "kms:RetireGrant"]
ACTIONS += ["sts:AssumeRole", "sts:GetCallerIdentity", "sqs:SendMessage", "ec2:StartInstances"]
ACTION_PATTERNS = [
    "*",
    "*",
    "s3:*",
    "*:*",
    "s3:*",
    "s3:Get*",
    "s3:?etObject",
    "s3:*Object",
    "S3:putobject",
    "kms:*",
    "sts:Assume*",
]
ACTION_PATTERNS += ["iam:*", "ec2:Start*", "sqs:SendMessage", "s*:*e*", "s3*", "s3:Get Object", "sts:*", "*:De*"]

RESOURCES = [
    *["arn:aws:s3:::home/bob/x"] * 4,
    "arn:aws:s3:::home/alice",
    "arn:aws:s3:::b*",
    "*",
    "arn:aws:iam::aws:policy/P",
]
RESOURCES += [f"arn:aws:kms:us-east-1:{A}:key/1", f"arn:aws:kms:us-east-1:{A}:alias/aws/s3", f"arn:aws:iam::{A}:role/T"]
RESOURCES += [f"arn:aws:sqs:us-east-1:{A}:bob-q", f"arn:aws:ec2:us-east-1:{A}:instance/i-1"]
PATTERNS = [
    "*",
    "*",
    "*",
    "arn:aws:s3:::home/${aws:username}/*",
    "arn:aws:s3:::home/*",
    "arn:aws:s3:::*",
    "arn:aws:s3*",
    "arn:*",
]
PATTERNS += ["arn:aws:s3:::home/${aws:PrincipalTag/dir, 'alice'}", "arn:aws:sqs:*", "arn:aws:sqs:*:bob-q", "**"]
PATTERNS += [f"arn:aws:sqs:*:{A}:${{aws:username}}-?", "arn:aws:s3:::b${*}", "arn:aws:s3:::home/${aws:TagKeys}"]
PATTERNS += [
    f"arn:aws:kms:us-*-1:{A}:key/?",
    "arn:aws:iam::*:role/T",
    "arn:aws:?c2:*:*:*/i-*",
    "arn:aws:s?:::home/al?ce",
]

TEXTS = ["bob", "Bob", "alice", "", "*", "b*", "?ob", "${*}", "${aws:username}", "${aws:username}*", "${aws:nothing}"]
TEXTS += [
    "${aws:nothing, 'bob'}",
    "${aws:TagKeys}",
    "${aws:username",
    "true",
    "10",
    "red",
    "b?b",
    "${AWS:USERNAME, ''}",
]
NUMBERS = ["10", "10.0", "-3", "+3", "9", "10abc", "", "0.5", "1e1", "007"]
DATES = ["2026-01-01T00:00:00Z", "2026-01-01", "2026", "2026-01", "1767225600", "1767225599", "2026-01-01T00:00:00.5Z"]
DATES += ["2026-01-01T02:00:00+02:00", "2025-12-31T23:59Z", "2026-02-30", "soon", "-5", "2026-01-01T24:00:00Z", "12345"]
ADDRESSES = [
    "203.0.113.9",
    "203.0.113.9/24",
    "0.0.0.0/0",
    "::/0",
    "2001:db8::1",
    "2001:DB8:0::1",
    "2001:db8::/32",
    "10.*",
]
ADDRESSES += ["10.0.0.0/33", "10.0.0.1", "::ffff:10.0.0.1", "10.0.0.0/8", "010.0.0.1", "10.0.0.1/255.0.0.0"]
ARNS = [
    BOB,
    ROLE,
    "arn:aws:iam::*:user/*",
    "arn:*:*:*:*:*",
    "arn:aws:iam::111122223333:*",
    "*",
    "user/bob",
    "arn:aws:iam",
]
ARNS += ["arn:aws:iam::${aws:PrincipalAccount}:user/bob", "${aws:PrincipalArn}", "arn:aws:iam::1111?2223333:role/A*"]
BLOBS = ["Ym9i", "bob", "YWxpY2U=", "!!", "Ym9i=", ""]
FLAGS = ["true", "false", "TRUE", "yes", True, False, "${a:flag}", "${a:flag, 'true'}"]

ORDERS = ["Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals"]
OPERATORS: list[tuple[str, str, list[Any]]] = [
    *[(f"String{x}", "a:text", TEXTS) for x in ("Equals", "NotEquals", "Like", "NotLike")],
    *[(f"String{x}IgnoreCase", "a:text", TEXTS) for x in ("Equals", "NotEquals")],
    *[(f"Numeric{x}", "a:number", NUMBERS) for x in ORDERS],
    *[(f"Date{x}", "a:date", DATES) for x in ORDERS],
    *[(x, "a:ip", ADDRESSES) for x in ("IpAddress", "NotIpAddress")],
    *[(f"Arn{x}", "a:arn", ARNS) for x in ("Equals", "NotEquals", "Like", "NotLike")],
    ("BinaryEquals", "a:blob", BLOBS),
    ("Bool", "a:flag", FLAGS),
    ("Null", "a:text", ["true", "false", True, "maybe"]),
    ("StringMatches", "a:text", TEXTS),
]
POOLS: dict[str, list[Any]] = {"a:number": NUMBERS, "a:date": DATES, "a:ip": ADDRESSES, "a:arn": ARNS, "a:blob": BLOBS}
POOLS |= {"a:text": TEXTS, "a:flag": ["true", "false", "True", "x"]}


def one_or_some(pool: list[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.sampled_from(pool), st.lists(st.sampled_from(pool), max_size=3))


@st.composite
def conditions(draw: st.DrawFn) -> dict[str, dict[str, Any]]:
    block: dict[str, dict[str, Any]] = {}
    for operator, key, pool in draw(st.lists(st.sampled_from(OPERATORS), max_size=2)):
        sets = draw(st.sampled_from(["", "", "", "ForAllValues:", "ForAnyValue:"]))
        exists = draw(st.sampled_from(["", "", "IfExists"]))
        named = draw(st.sampled_from([key, key, key.upper(), "a:absent", "a:text"]))
        block.setdefault(sets + operator + exists, {})[named] = draw(one_or_some(pool))
    return block


@st.composite
def principals(draw: st.DrawFn) -> Any:
    named = [A, f"arn:aws:iam::{A}:root", B, "*", ALICE, BOB, CHARLIE, ROLE, SESSION, FEDERATED, "AIDAGONE"]
    kinds = st.fixed_dictionaries(
        {"AWS": one_or_some(named)},
        optional={
            "Service": st.sampled_from(["lambda.amazonaws.com", "sns.amazonaws.com"]),
            "Federated": st.sampled_from([SAML, "accounts.google.com"]),
        },
    )
    return draw(st.one_of(st.just("*"), kinds))


@st.composite
def statements(draw: st.DrawFn, *, named: bool = False, effects: tuple[str, ...] = ("Allow", "Allow", "Deny")) -> Any:
    made: dict[str, Any] = {"Effect": draw(st.sampled_from(effects))}
    made[draw(st.sampled_from(["Action"] * 5 + ["NotAction"]))] = draw(one_or_some(ACTION_PATTERNS))
    element = draw(st.sampled_from(["Resource"] * 6 + ["NotResource"] + ([""] if named else [])))
    if element:
        made[element] = draw(one_or_some(PATTERNS))
    if named:
        made[draw(st.sampled_from(["Principal"] * 4 + ["NotPrincipal"]))] = draw(principals())
    if draw(st.integers(0, 2)) == 0:
        made["Condition"] = draw(conditions())
    return made


@st.composite
def documents(draw: st.DrawFn, **kind: Any) -> dict[str, Any]:
    version = draw(st.sampled_from(["2012-10-17", "2012-10-17", "2012-10-17", "2008-10-17", None]))
    document: dict[str, Any] = {} if version is None else {"Version": version}
    return document | {"Statement": draw(st.lists(statements(**kind), min_size=1, max_size=2))}


@st.composite
def contexts(draw: st.DrawFn) -> dict[str, Any]:
    fixed = {"aws:username": st.sampled_from(["bob", "alice", "*"]), "aws:TagKeys": st.just(["a", "b"])}
    fixed |= {"aws:PrincipalTag/dir": st.sampled_from(["alice", "bob", ""]), "aws:PrincipalAccount": st.just(A)}
    fixed |= {"aws:PrincipalArn": st.sampled_from([BOB, ROLE])}
    own = {key: one_or_some(pool) for key, pool in POOLS.items()}
    return draw(st.fixed_dictionaries({}, optional={**fixed, **own}))


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), st.none(), st.none(), strategy)


FULL = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
OPEN = {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*", "Principal": "*"}]}
some_documents = st.lists(st.one_of(st.just(FULL), documents()), min_size=1, max_size=2)
levels = st.lists(
    st.one_of(st.just([FULL]), st.lists(documents(), max_size=1), st.tuples(st.just(FULL), documents()).map(list)),
    max_size=2,
)
rcps = st.lists(st.lists(documents(named=True, effects=("Deny",)), max_size=1), max_size=2)
endpoints = st.lists(st.one_of(st.just(OPEN), documents(named=True)), min_size=1, max_size=2)


@st.composite
def worlds(draw: st.DrawFn) -> dict[str, Any]:
    """A whole case, without what the reference evaluator does not know."""
    request = {
        "principal": draw(st.sampled_from(CALLERS)),
        "action": draw(st.sampled_from(ACTIONS)),
        "resource": draw(st.sampled_from(RESOURCES)),
        "resource_account": draw(st.sampled_from([A, A, A, B])),
        "context": draw(contexts()),
    }
    return {
        "request": request,
        "identity_policies": draw(some_documents),
        "session_policies": draw(maybe(some_documents)),
        "permission_boundaries": draw(maybe(some_documents)),
        "resource_policy": draw(st.one_of(st.none(), documents(named=True), documents(named=True))),
        "vpc_endpoint_policies": draw(maybe(endpoints)),
        "service_control_policies": draw(maybe(levels)),
        "resource_control_policies": draw(maybe(rcps)),
        "options": {"wildcard_only_action": draw(st.sampled_from([False, False, False, True]))},
    }
