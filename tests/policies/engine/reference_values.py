"""The leaves of the reference evaluator: callers, globs, numbers, dates and addresses, each in the plainest way."""

from __future__ import annotations

import base64
import ipaddress
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

Signs = tuple[tuple[str, bool], ...]  # a character, and whether it is a wildcard
ORDERS = ("equals", "lessthan", "lessthanequals", "greaterthan", "greaterthanequals")
KNOWN = (
    *("stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike"),
    *("bool", "binaryequals", "ipaddress"),
    *(f"numeric{order}" for order in ORDERS),
    *(f"date{order}" for order in ORDERS),
)
KINDS = {"root": "root", "user": "user", "role": "session", "assumed-role": "session", "federated-user": "federated"}


def describe(caller: str) -> tuple[str, str]:
    """The kind of a caller and its account."""
    if caller == "anonymous":
        return "anonymous", ""
    if not caller.startswith("arn:"):
        return ("service" if caller.endswith(".amazonaws.com") and "cognito" not in caller else "provider"), ""
    account, resource = caller.split(":", 5)[4:]
    return KINDS.get(resource.split("/")[0], "provider"), account


def values_of(principal: Any) -> list[tuple[str, str]]:
    if principal == "*":
        return [("AWS", "*")]
    return [(kind, value) for kind, values in principal.items() for value in as_list(values)]


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def as_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def plain(text: str) -> Signs:
    return tuple((sign, sign in "*?") for sign in text)


@lru_cache(maxsize=10_000)
def fits(pattern: Signs, text: str) -> bool:
    """A glob by the textbook: a table of prefixes against prefixes."""
    row = [True] + [False] * len(text)
    for sign, wild in pattern:
        many = wild and sign == "*"
        new = [row[0] and many]
        for at, other in enumerate(text, 1):
            new.append((row[at] or new[at - 1]) if many else (row[at - 1] and (wild or sign == other)))
        row = new
    return row[-1]


def short_fits(parts: list[str], text: str) -> bool:
    """A short ARN: part by part until one ends in a star, which swallows the rest."""
    if len(parts) == 1 or parts[0].endswith("*"):
        return fits(plain(":".join(parts)), text)
    head, colon, rest = text.partition(":")
    return bool(colon) and fits(plain(parts[0]), head) and short_fits(parts[1:], rest)


def action_fits(pattern: str, action: str) -> bool:
    pattern = pattern.lower()
    if pattern and set(pattern) == {"*"}:
        return True
    if ":" not in pattern or ":" not in action or re.search(r"[\s,]", pattern):
        return False
    (service, name), (mine, verb) = pattern.split(":", 1), action.split(":", 1)
    return fits(plain(service), mine) and fits(plain(name), verb)


def text_meets(name: str, seen: str, pattern: Signs) -> bool:
    text = "".join(sign for sign, _ in pattern)
    if name == "bool":
        return text.lower() in ("true", "false") and seen.lower() == text.lower()
    if name.startswith("arn"):
        return arn_fits(pattern, seen)
    if name == "stringlike":
        return fits(pattern, seen)
    return seen.lower() == text.lower() if name.endswith("ignorecase") else seen == text


def arn_fits(pattern: Signs, seen: str) -> bool:
    parts: list[list[tuple[str, bool]]] = [[]]
    for sign, wild in pattern:
        if sign == ":" and len(parts) < 6:
            parts.append([])
        else:
            parts[-1].append((sign, wild))
    mine = seen.split(":", 5)
    return len(parts) == len(mine) == 6 and all(fits(tuple(a), b) for a, b in zip(parts, mine, strict=True))


def number(text: str) -> Decimal | None:
    return Decimal(text) if re.fullmatch(r"[-+]?\d+(\.\d+)?", text, re.ASCII) else None


def moment(text: str) -> int | None:
    if re.fullmatch(r"-?\d{5,18}|-?\d{1,3}", text, re.ASCII):
        return int(text)
    if re.fullmatch(r"\d{4}", text, re.ASCII):
        text += "-01-01"
    if re.fullmatch(r"\d{4}-\d\d", text, re.ASCII):
        text += "-01"
    if not re.fullmatch(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[-+]\d\d:[0-5]\d)?)?", text, re.ASCII):
        return None
    try:
        found = datetime.fromisoformat(re.sub(r"\.\d+", "", text))
    except ValueError:
        return None
    found = found if found.tzinfo else found.replace(tzinfo=UTC)
    return (found - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(seconds=1)


def compared(how: str, seen: Any, wanted: Any) -> bool:
    if seen is None or wanted is None:
        return False
    less, same = seen < wanted, seen == wanted
    answers = {"equals": same, "lessthan": less, "lessthanequals": less or same}
    answers |= {"greaterthan": not less and not same, "greaterthanequals": not less}
    return answers[how]


def in_range(seen: str, wanted: str) -> bool:
    address, slash, length = wanted.partition("/")
    if slash and not re.fullmatch(r"\d+", length, re.ASCII):
        return False
    try:
        caller, base = ipaddress.ip_address(seen), ipaddress.ip_address(address)
    except ValueError:
        return False
    if caller.version != base.version:
        return False
    bits = int(length) if slash else base.max_prefixlen
    if bits > base.max_prefixlen:
        return False
    return int(caller) >> (base.max_prefixlen - bits) == int(base) >> (base.max_prefixlen - bits)


def same_bytes(seen: str, raw: bytes) -> bool:
    try:
        return base64.b64decode(seen, validate=True) == raw
    except ValueError:
        return False
