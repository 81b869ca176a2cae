"""How AWS words what is wrong with inputs: one sentence for all constraints, or a rule in IAM's own words. Pure.

Source: answers of AWS as LocalStack recorded them in 2026 (names, paths, lists, the order of members), and issue
threads that quote AWS for `pathPrefix`, `policyDocument` and `privateKey`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

NOT_NULL = "Member must not be null"
PATTERN = "Member must satisfy regular expression pattern: "
_NAME = "It must contain only alphanumeric characters and/or the following: +=,.@_-"
_PATH = "It must begin and end with / and contain only alphanumeric characters and/or / characters."
_PREFIX = "It must begin with the / character and contain only alphanumeric characters and/or / characters."
_DOCUMENT = "It must contain only printable ASCII characters."
# Every other pattern is quoted, those of instance profiles, server certificates and MFA devices among them.
RULES = {
    **dict.fromkeys(("userName", "newUserName", "groupName", "newGroupName", "roleName", "policyName"), _NAME),
    **dict.fromkeys(("path", "newPath"), _PATH),
    **dict.fromkeys(("policyDocument", "assumeRolePolicyDocument"), _DOCUMENT),
    **dict.fromkeys(("certificateBody", "certificateChain", "privateKey"), _DOCUMENT),
    "pathPrefix": _PREFIX,
    "accessKeyId": "It must contain only alphanumeric characters.",
}


class Problem(NamedTuple):
    """A constraint that a value fails; `value` is None where it must not be shown."""

    where: str
    constraint: str
    value: str | None = None

    @property
    def has_own_rule(self) -> bool:
        return self.constraint.startswith(PATTERN) and self.where in RULES


def refusal(problems: Sequence[Problem], members: int, *, iam: bool) -> str:
    """What AWS says of an operation with so many inputs. STS repeats the values, IAM does not."""
    ordered = sorted(problems, key=lambda problem: _bucket(problem.where.partition(".")[0], members))
    plain = [problem for problem in ordered if not (iam and problem.has_own_rule)]
    if plain:
        said = "; ".join(_clause(problem, echo=not iam) for problem in plain)
        return f"{len(plain)} validation error{'s' if len(plain) > 1 else ''} detected: {said}"
    return f"The specified value for {ordered[0].where} is invalid. {RULES[ordered[0].where]}"


def _clause(problem: Problem, *, echo: bool) -> str:
    shown = "null" if problem.constraint == NOT_NULL else None if problem.value is None else f"'{problem.value}'"
    what = f"Value {shown}" if echo and shown else "Value"
    return f"{what} at '{problem.where}' failed to satisfy constraint: {problem.constraint}"


@lru_cache(maxsize=1024)
def _bucket(member: str, members: int) -> int:
    """AWS goes through the inputs as a Java hash map holds them: neither as they came nor by name."""
    code = 0
    for letter in member:
        code = (31 * code + ord(letter)) & 0xFFFFFFFF
    size = 16
    while members > size * 0.75:
        size *= 2
    return (code ^ (code >> 16)) & (size - 1)
