"""How much of everything an account may hold, and AWS's text for one too many.

Source: IAM user guide, "IAM and AWS STS quotas" (reference_iam-quotas), the defaults.
"""

from __future__ import annotations

from collections.abc import Sequence

from iamconsole.operations.errors import LimitExceeded
from policies.engine.validate import policy_size

POLICIES = 1_500
VERSIONS = 5
ATTACHED = 10
POLICY_SIZE = 6_144
INLINE_SIZE = {"user": 2_048, "group": 5_120, "role": 10_240}


def need_room(held: int, limit: int, quota: str) -> None:
    """Room for one more, or AWS's LimitExceeded naming the quota."""
    if held >= limit:
        raise LimitExceeded(f"Cannot exceed quota for {quota}: {limit}")


def need_policy_size(document: str) -> None:
    """A managed policy's document; white space does not count."""
    if policy_size(document) > POLICY_SIZE:
        raise LimitExceeded(f"Cannot exceed quota for PolicySize: {POLICY_SIZE}")


def need_inline_size(documents: Sequence[str], kind: str, name: str) -> None:
    """All inline policies of one user, group or role (`kind`) together."""
    limit = INLINE_SIZE[kind]
    if sum(policy_size(each) for each in documents) > limit:
        raise LimitExceeded(f"Maximum policy size of {limit} bytes exceeded for {kind} {name}")
