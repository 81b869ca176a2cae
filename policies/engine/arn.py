"""ARNs: their six parts, and how the Resource element matches them."""

from __future__ import annotations

from collections.abc import Sequence

from policies.engine.wildcard import Matcher, Token, Wild, glob, glob_text

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


def anchored(head: Sequence[str], rest: Sequence[Token]) -> Matcher | None:
    """`segmented` at a fraction of its cost, for a head in which wildcards only end parts; None for other heads.

    Such a pattern is text with gaps that end at the next colon: `arn:aws:sqs:`, gap, `:111122223333:bob-`, anything.
    """
    anchors = _anchors(head)
    if anchors is None:
        return None
    first, *others = anchors
    literal, *tail = rest if rest and isinstance(rest[0], str) else ("", *rest)
    others[-1:] = [f"{others[-1]}{literal}"] if others else []
    if not others:
        return glob([f"{first}{literal}", *tail])
    if tail in ([], [Wild.ANY]) and len(others) == 1:
        return _one_gap(first, others[0], whole=not tail)
    return _gaps(first, others, glob(tail))


def _anchors(head: Sequence[str]) -> list[str] | None:
    """The texts between the gaps; every one but the first begins with the colon that ends the gap before it."""
    found = [""]
    for part in head:
        text = part.rstrip("*")
        if "*" in text or "?" in text:
            return None
        found[-1] += text
        if text != part:
            found.append("")
        found[-1] += ":"
    return found


def _one_gap(first: str, second: str, *, whole: bool) -> Matcher:
    skip = len(first)

    def begins(text: str) -> bool:
        if not text.startswith(first):
            return False
        colon = text.find(":", skip)
        return colon >= 0 and text.startswith(second, colon)

    def equals(text: str) -> bool:
        if not text.startswith(first):
            return False
        colon = text.find(":", skip)
        return colon >= 0 and text[colon:] == second

    return equals if whole else begins


def _gaps(first: str, others: Sequence[str], tail: Matcher) -> Matcher:
    def matches(text: str) -> bool:
        if not text.startswith(first):
            return False
        here = len(first)
        for anchor in others:
            here = text.find(":", here)
            if here < 0 or not text.startswith(anchor, here):
                return False
            here += len(anchor)
        return tail(text[here:])

    return matches


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
