"""Condition operators as they are written: `ForAnyValue:StringLikeIfExists`."""

from __future__ import annotations

from dataclasses import dataclass

_FAMILIES: dict[str, tuple[str, ...]] = {
    "String": (
        "StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike",
        "StringNotLike",
    ),
    "Numeric": (
        "NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan",
        "NumericGreaterThanEquals",
    ),
    "Date": (
        "DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan",
        "DateGreaterThanEquals",
    ),
    "Bool": ("Bool",),
    "Binary": ("BinaryEquals",),
    "IpAddress": ("IpAddress", "NotIpAddress"),
    "Arn": ("ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"),
    "Null": ("Null",),
}  # fmt: skip

FAMILY_OF: dict[str, str] = {operator: family for family, names in _FAMILIES.items() for operator in names}
QUALIFIERS = ("ForAllValues", "ForAnyValue")
IF_EXISTS = "IfExists"


@dataclass(frozen=True, slots=True)
class Operator:
    """An operator taken apart; `base` is one of FAMILY_OF."""

    qualifier: str
    base: str
    if_exists: bool

    @property
    def family(self) -> str:
        return FAMILY_OF[self.base]

    @property
    def negated(self) -> bool:
        return "Not" in self.base


def parse_operator(name: str) -> Operator | None:
    """The operator a condition block names, or None when there is no such operator (Null takes no IfExists)."""
    qualifier, colon, rest = name.partition(":")
    if not colon:
        qualifier, rest = "", name
    elif qualifier not in QUALIFIERS:
        return None
    base = rest.removesuffix(IF_EXISTS)
    if base not in FAMILY_OF or (base == "Null" and base != rest):
        return None
    return Operator(qualifier, base, base != rest)
