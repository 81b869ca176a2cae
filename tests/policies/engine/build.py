"""Short ways to say policies in tests."""

from __future__ import annotations

from policies.engine import Policy, Principal, Request, Source, SourceKind, compile_document

ACCOUNT = "111122223333"
ALICE, BOB = f"arn:aws:iam::{ACCOUNT}:user/alice", f"arn:aws:iam::{ACCOUNT}:user/bob"
REPORT = "arn:aws:s3:::reports/q1.csv"


def statement(effect: str, action: object = "s3:GetObject", **elements: object) -> dict[str, object]:
    """A statement about everything unless told otherwise; `Resource=None` leaves it out."""
    made = {"Effect": effect, "Action": action, "Resource": "*", **elements}
    return {name: value for name, value in made.items() if value is not None}


def policy(*statements: dict[str, object], name: str = "P", kind: SourceKind = SourceKind.CUSTOMER_MANAGED) -> Policy:
    document = compile_document({"Version": "2012-10-17", "Statement": list(statements)})
    return Policy(document, Source(kind, name))


def ask(action: str = "s3:GetObject", resource: str = REPORT, **context: str) -> Request:
    """A question by bob; context keys are written with two underscores for the colon."""
    keys = {key.replace("__", ":"): value for key, value in context.items()}
    return Request(Principal.from_arn(BOB), action, resource, ACCOUNT, context=keys)


FULL = policy(statement("Allow", "*"), name="Full")
