"""What S3 calls a public bucket policy."""

from __future__ import annotations

from ipaddress import ip_network

from policies.engine.conditions import Condition
from policies.engine.document import Document
from policies.engine.statement import Statement

_LIMITING_KEYS = frozenset(
    {
        "aws:principalaccount",
        "aws:principalarn",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:sourceaccount",
        "aws:sourcearn",
        "aws:sourceip",
        "aws:sourceorgid",
        "aws:sourceowner",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:userid",
        "s3:dataaccesspointaccount",
        "s3:dataaccesspointarn",
        "s3:x-amz-server-side-encryption-aws-kms-key-id",
    }
)
# Wider ranges than these do not limit anybody, S3 says.
_WIDEST = {4: 8, 6: 32}


def is_public(document: Document) -> bool:
    """Whether some statement gives something to everyone without a key that fixes who or where from."""
    return any(_gives_to_everyone(statement) for statement in document.statements)


def _gives_to_everyone(statement: Statement) -> bool:
    principals = statement.principals
    if statement.deny or principals is None:
        return False
    return (principals.negated or principals.everyone) and not any(map(_limits, statement.conditions))


def _limits(condition: Condition) -> bool:
    if condition.lookup not in _LIMITING_KEYS or condition.negated or condition.if_exists or not condition.known:
        return False
    values = [template.raw for template in condition.templates]
    if condition.is_null or not values:
        return False
    if condition.lookup == "aws:sourceip":
        return all(map(_narrow, values))
    return all(not any(sign in value for sign in "*?$") for value in values)


def _narrow(value: str) -> bool:
    try:
        network = ip_network(value, strict=False)
    except ValueError:
        return False
    return network.is_private or network.prefixlen >= _WIDEST[network.version]
