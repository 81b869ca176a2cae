"""Can one text match two patterns: a resource of a policy, and the ARN pattern of a resource type."""

from __future__ import annotations

import re
from functools import lru_cache

_PLACEHOLDER = re.compile(r"\$\{([^{}]*)\}")  # without "{", or a text of many "${" takes the square of its length
# Names of placeholders that never hold a slash: `${BucketName}` is no object.
_ONE_SEGMENT = frozenset({"BucketName"})
_ANY, _SEGMENT, _ONE = "*", "\x01", "?"
_LONGEST = 300


@lru_cache(maxsize=4096)
def fits_type(resource: str, arn_pattern: str) -> bool:
    """Whether some resource of the type is one the policy's resource names; True when too long to tell."""
    if resource == "*" or len(resource) > _LONGEST:
        return True
    wanted, parts = _PLACEHOLDER.sub(_ANY, resource).split(":", 5), arn_pattern.split(":", 5)
    if len(wanted) < 6:
        return wanted[-1].endswith("*") and all(map(_parts_meet, wanted[:-1], parts))
    return all(map(_parts_meet, wanted, parts))


def _parts_meet(wanted: str, pattern: str) -> bool:
    return patterns_meet(wanted, _PLACEHOLDER.sub(_typed, pattern))


def _typed(found: re.Match[str]) -> str:
    return _SEGMENT if found[1] in _ONE_SEGMENT else _ANY


@lru_cache(maxsize=4096)
def patterns_meet(one: str, other: str) -> bool:
    """Whether a text exists that both globs match; `\\x01` is a star that stops at a slash."""
    if not (_has_wildcards(one) or _has_wildcards(other)):
        return one == other
    row = _reached_without_reading(other, {0})
    for sign in one:
        row = _after(sign, other, row)
        if not row:
            return False
    return len(other) in row


def _has_wildcards(text: str) -> bool:
    return _ANY in text or _SEGMENT in text or _ONE in text


def _after(sign: str, other: str, row: set[int]) -> set[int]:
    """The places in `other` that can be reached when `one` is read up to and with this sign."""
    if sign in (_ANY, _SEGMENT):
        reached = set(row)
        for at in range(min(row), len(other)):
            if at in reached and (sign == _ANY or other[at] != "/"):
                reached.add(at + 1)
        return reached
    reached = {at + 1 for at in row if at < len(other) and _same(sign, other[at])}
    reached |= {at for at in row if at < len(other) and _swallows(other[at], sign)}
    return _reached_without_reading(other, reached)


def _same(sign: str, other: str) -> bool:
    return sign in (other, _ONE) or other == _ONE


def _swallows(star: str, sign: str) -> bool:
    return star == _ANY or (star == _SEGMENT and sign != "/")


def _reached_without_reading(other: str, row: set[int]) -> set[int]:
    """Stars may also stand for nothing."""
    reached = set(row)
    for at in sorted(row):
        here = at
        while here < len(other) and other[here] in (_ANY, _SEGMENT):
            here += 1
            reached.add(here)
    return reached
