"""Values of conditions: does the operator read them as they were meant."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from ipaddress import ip_network

from policies.engine.lint.finding import Finding, report, shown
from policies.engine.lint.scope import Condition, Scope, Statement
from policies.engine.positioned import Node
from policies.engine.validate_dates import is_policy_date
from policies.engine.validate_kinds import text_of
from policies.engine.validate_operators import Operator

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)", re.ASCII)
_BASE64 = re.compile(r"[A-Za-z0-9+/]*={0,2}")
_YEAR = re.compile(r"\d{4}", re.ASCII)
_WILD = re.compile(r"(?<!\$\{)[*?]")
_MFA = "aws:multifactorauthpresent"
_PUBLIC_ONLY_KEY = "aws:sourceip"


def check(scope: Scope) -> Iterator[Finding]:
    for statement in scope.statements:
        for condition in statement.conditions:
            if condition.operator is None:
                continue
            for value in condition.values:
                yield from _value(condition, condition.operator, value)
            yield from _mfa(statement, condition, condition.operator)


def _value(condition: Condition, operator: Operator, value: Node) -> Iterator[Finding]:
    if value.kind in {"object", "array"} or value.value is None:
        yield report("value-type", value, "A value is a text, a number, true or false, or a list of these.")
        return
    text = _as_text(value)
    if not _READS[operator.family](text):
        message = f"{operator.base} cannot read {shown(text)}: {_WANTS[operator.family]}."
        yield report("value-type", value, message)
        return
    yield from _doubtful(condition, operator, value, text)


def _as_text(value: Node) -> str:
    return text_of(value) if value.kind == "string" else value.raw


def _doubtful(condition: Condition, operator: Operator, value: Node, text: str) -> Iterator[Finding]:
    if operator.base.startswith("String") and "Like" not in operator.base and _WILD.search(text):
        like = "StringNotLike" if operator.negated else "StringLike"
        message = f"In {operator.base} a * or ? is a plain character; {like} reads wildcards."
        yield report("wildcard-without-like", value, message)
    elif operator.family == "Date" and _YEAR.fullmatch(text):
        yield report(
            "year-or-epoch", value, f"{text} can be read as a year or as seconds since 1970; write {text}-01-01."
        )
    elif operator.family == "IpAddress":
        yield from _range(condition, value, text)


def _range(condition: Condition, value: Node, text: str) -> Iterator[Finding]:
    network = ip_network(text, strict=False)
    if "/" in text and not text.lower().startswith(str(network.network_address)):
        message = f"Bits after the prefix are ignored: the range is {network}."
        yield report("host-bits", value, message, fix=f'"{network}"')
    if network.prefixlen == 0:
        yield report("every-address", value, f"{text} is every IPv{network.version} address.")
    elif condition.key == _PUBLIC_ONLY_KEY and network.is_private:
        message = (
            f"On AWS {text_of(condition.key_node)} is a public address; {text} never is. In a VPC use aws:VpcSourceIp."
        )
        yield report("private-address", value, message)


def _mfa(statement: Statement, condition: Condition, operator: Operator) -> Iterator[Finding]:
    if not statement.denies or condition.key != _MFA or operator.base != "Bool" or operator.if_exists:
        return
    if any(_as_text(value).lower() == "false" for value in condition.values):
        message = "The key is absent when somebody signs with a long-term access key, so this Deny misses them."
        yield report("mfa-bool-in-deny", condition.operator_node, message + " Use BoolIfExists.", fix='"BoolIfExists"')


def _is_range(text: str) -> bool:
    try:
        ip_network(text, strict=False)
    except ValueError:
        return False
    bare, _, length = text.partition("/")
    return "%" not in bare and (not length or length.isdigit())


def _is_arn(text: str) -> bool:
    return text == "*" or "${" in text or text.count(":") >= 5 or (text.startswith("arn:") and text.endswith("*"))


def _is_boolean(text: str) -> bool:
    return text.lower() in {"true", "false"} or "${" in text


def _anything(text: str) -> bool:
    return True


_READS: dict[str, Callable[[str], bool]] = {
    "String": _anything,
    "Numeric": lambda text: len(text) <= 64 and _NUMBER.fullmatch(text) is not None,
    "Date": is_policy_date,
    "Bool": _is_boolean,
    "Null": _is_boolean,
    "Binary": lambda text: _BASE64.fullmatch(text) is not None and len(text) % 4 == 0,
    "IpAddress": _is_range,
    "Arn": _is_arn,
}
_WANTS = {
    "Numeric": "it wants a number",
    "Date": "it wants an ISO 8601 date, such as 2026-11-24T08:00:00Z",
    "Bool": "it wants true or false",
    "Null": "it wants true (the key is absent) or false (it is present)",
    "Binary": "it wants base64",
    "IpAddress": "it wants an address or a range, such as 203.0.113.0/24",
    "Arn": "it wants an ARN with six parts",
}
