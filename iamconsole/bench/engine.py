"""How fast the policy engine decides: one user with ten policies of five statements, a thousand different requests."""

from __future__ import annotations

import random
from functools import cache

from iamconsole.bench.clock import per_second
from iamconsole.bench.registry import figure
from policies.engine import (
    Policy,
    PolicySet,
    Principal,
    Request,
    Source,
    SourceKind,
    compile_document,
    decide,
    explain,
)

ACCOUNT = "111122223333"
SERVICES = ("iam", "s3", "ec2", "sqs", "sns", "kms", "lambda", "dynamodb", "logs", "sts")
VERBS = ("GetThing", "ListThings", "PutThing", "DeleteThing", "DescribeThings", "TagThing", "CreateThing", "RunThing")


@figure("engine.decide", "decisions/s")
def bare_decisions() -> float:
    """Bare decisions a second, one thread."""
    policies, requests = world()
    return per_second(lambda: [decide(request, policies) for request in requests], len(requests))


@figure("engine.explain", "decisions/s")
def explained_decisions() -> float:
    """Decisions with every statement traced a second, one thread."""
    policies, requests = world()
    return per_second(lambda: [explain(request, policies) for request in requests[:100]], 100)


@figure("engine.compile", "documents/s")
def compiled_documents() -> float:
    """Policy documents of five statements compiled from dictionaries a second."""
    documents = [document(random.Random(seed), SERVICES[seed]) for seed in range(10)]
    return per_second(lambda: [compile_document(each) for each in documents], len(documents))


@cache
def world() -> tuple[PolicySet, tuple[Request, ...]]:
    """The policies and the requests; the same each time."""
    dice = random.Random(20)
    policies = tuple(
        Policy(compile_document(document(dice, service)), Source(SourceKind.CUSTOMER_MANAGED, f"{service}-work"))
        for service in SERVICES
    )
    return PolicySet(identity=policies), tuple(request(dice) for _ in range(1_000))


def document(dice: random.Random, service: str) -> dict[str, object]:
    """Five statements: prefixes, exact actions, conditions, now and then a Deny."""
    return {"Version": "2012-10-17", "Statement": [statement(dice, service) for _ in range(5)]}


def statement(dice: random.Random, service: str) -> dict[str, object]:
    made: dict[str, object] = {
        "Effect": "Deny" if dice.random() < 0.1 else "Allow",
        "Action": [f"{service}:{verb}" for verb in dice.sample(VERBS, 2)] + [f"{service}:{dice.choice(VERBS)[:4]}*"],
        "Resource": [f"arn:aws:{service}:*:{ACCOUNT}:thing/{dice.randrange(20)}*", f"arn:aws:{service}:::public-*"],
    }
    if dice.random() < 0.3:
        made["Condition"] = {"StringLike": {"aws:PrincipalTag/team": ["red-*", "blue"]}}
    return made


def request(dice: random.Random) -> Request:
    service = dice.choice(SERVICES)
    return Request(
        principal=Principal.from_arn(f"arn:aws:iam::{ACCOUNT}:user/alice"),
        action=f"{service}:{dice.choice(VERBS)}",
        resource=f"arn:aws:{service}:us-east-1:{ACCOUNT}:thing/{dice.randrange(400)}",
        resource_account=ACCOUNT,
        context={"aws:PrincipalTag/team": dice.choice(("red-1", "blue", "green")), "aws:SecureTransport": "true"},
    )
