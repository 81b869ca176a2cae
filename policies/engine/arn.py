"""ARNs: their six parts, and how the Resource element matches them."""

from __future__ import annotations

from collections.abc import Sequence

from policies.engine.wildcard import Matcher, glob_text

PARTS = 6


def split(text: str) -> list[str] | None:
    """Partition, service, region, account and resource after `arn`, or None when it is no ARN."""
    parts = text.split(":", PARTS - 1)
    return parts if len(parts) == PARTS and parts[0] == "arn" else None


def account_of(text: str) -> str:
    """The account written in an ARN, empty when there is none."""
    parts = split(text)
    return parts[4] if parts else ""


def service_of(text: str) -> str:
    parts = split(text)
    return parts[2] if parts else ""


def resource_of(text: str) -> str:
    """The sixth part, such as `user/alice`."""
    parts = split(text)
    return parts[5] if parts else ""


def name_of(text: str) -> str:
    """The last segment of an ARN with a path: the name of a user or role."""
    return text.rpartition("/")[2]


def cut(pattern: str) -> tuple[list[str], str]:
    """The parts of a Resource pattern in which a wildcard stays, and the rest, which is one glob.

    In a full ARN the rest is the sixth part. A shorter one has room for less: there the first part that ends in `*` may
    run on over the colons, which makes `arn:aws:sqs:*` all of SQS.
    """
    parts = pattern.split(":", PARTS - 1)
    if len(parts) < PARTS:
        runs_on = (place for place, part in enumerate(parts) if part.endswith("*"))
        place = next(runs_on, len(parts) - 1)
        return parts[:place], ":".join(parts[place:])
    return parts[:-1], parts[-1]


def runs_over_colons(pattern: str) -> bool:
    """Whether a short ARN matches only because its `*` expands past a colon."""
    return pattern.strip("*") != "" and pattern.count(":") < PARTS - 1 and "*" in pattern


def segmented(head: Sequence[str], rest: Matcher) -> Matcher:
    """A matcher that compares the head part by part and leaves the remaining text to `rest`."""
    matchers = [glob_text(part) for part in head]
    count = len(matchers)

    def matches(text: str) -> bool:
        parts = text.split(":", count)
        if len(parts) <= count:
            return False
        return all(match(part) for match, part in zip(matchers, parts, strict=False)) and rest(parts[count])

    return matches
