"""What the engine's figures are measured on: a user with ten policies of five statements, and a thousand questions."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache

from policies.engine import Policy, PolicySet, Principal, Request, Source, SourceKind, compile_document

ACCOUNT = "111122223333"
ALICE = Principal.from_arn(f"arn:aws:iam::{ACCOUNT}:user/alice")
SERVICES = ("iam", "s3", "ec2", "sqs", "sns", "kms", "lambda", "dynamodb", "logs", "sts")
VERBS = ("GetThing", "ListThings", "PutThing", "DeleteThing", "DescribeThings", "TagThing", "CreateThing", "RunThing")
# Some policies are the user's own, the others come from two groups.
HOLDERS = ("", "", "group Developers", "group Auditors")
Question = tuple[Principal, str, str, str, dict[str, str]]


@cache
def policy_set() -> PolicySet:
    """The user's policies; the same each time."""
    dice = random.Random(20)
    return PolicySet(identity=tuple(policy(dice, service) for service in SERVICES))


def policy(dice: random.Random, service: str) -> Policy:
    source = Source(SourceKind.CUSTOMER_MANAGED, f"{service}-work", version="v1", attached_to=dice.choice(HOLDERS))
    return Policy(compile_document(document(dice, service)), source)


def document(dice: random.Random, service: str) -> dict[str, object]:
    """Five statements: prefixes, exact actions, conditions, now and then a Deny."""
    return {"Version": "2012-10-17", "Statement": [statement(dice, service) for _ in range(5)]}


def statement(dice: random.Random, service: str) -> dict[str, object]:
    things = f"thing/{dice.randrange(20)}*" if dice.random() < 0.6 else "thing/*"
    made: dict[str, object] = {
        "Effect": "Deny" if dice.random() < 0.1 else "Allow",
        "Action": [f"{service}:{verb}" for verb in dice.sample(VERBS, 2)] + [f"{service}:{dice.choice(VERBS)[:4]}*"],
        "Resource": [f"arn:aws:{service}:*:{ACCOUNT}:{things}", f"arn:aws:{service}:::public-*"],
    }
    if dice.random() < 0.3:
        made["Condition"] = {"StringLike": {"aws:PrincipalTag/team": ["red-*", "blue"]}}
    return made


@cache
def questions() -> tuple[Question, ...]:
    """What each request is built of."""
    dice = random.Random(40)
    return tuple(_question(dice) for _ in range(1_000))


def _question(dice: random.Random) -> Question:
    service = dice.choice(SERVICES)
    resource = f"arn:aws:{service}:us-east-1:{ACCOUNT}:thing/{dice.randrange(400)}"
    team = dice.choice(("red-1", "blue", "green"))
    context = {"aws:PrincipalTag/team": team, "aws:SecureTransport": "true", "aws:SourceIp": "192.0.2.7"}
    return ALICE, f"{service}:{dice.choice(VERBS)}", resource, ACCOUNT, context


def requests(count: int | None = None) -> Iterator[Request]:
    """Each request built anew, as the console does."""
    for question in questions()[:count]:
        yield Request(*question)
