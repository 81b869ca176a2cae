"""Inputs held against AWS's service model (read from botocore): required, length, pattern, enum, range, types. Pure.

Source: the service models `iam/2010-05-08` and `sts/2011-06-15` of the botocore package.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from iamconsole.operations.errors import ValidationError
from iamconsole.operations.secrets import Secret
from iamconsole.operations.wording import NOT_NULL, PATTERN, Problem, refusal

if TYPE_CHECKING:
    from botocore.model import OperationModel, ServiceModel, Shape

# Where the model has no pattern: what XML 1.0, in which answers are written, can hold.
IN_XML = r"[\u0009\u000A\u000D\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*"


@lru_cache(maxsize=8)
def service_model(service: str) -> ServiceModel | None:
    """AWS's model of a service, None where it has none (the console's own operations)."""
    from botocore.exceptions import UnknownServiceError
    from botocore.session import Session

    try:
        return Session().get_service_model(service)
    except UnknownServiceError:
        return None


@lru_cache(maxsize=512)
def operation_model(name: str) -> OperationModel | None:
    """AWS's model of an operation such as `iam:CreateUser`, None where AWS has no such operation."""
    from botocore.model import OperationNotFoundError

    service, _, verb = name.partition(":")
    model = service_model(service)
    try:
        return model.operation_model(verb) if model else None
    except OperationNotFoundError:
        return None


def check(name: str, given: Mapping[str, object]) -> dict[str, object]:
    """The inputs that were given, checked; sensitive members become `Secret`. Raises AWS's ValidationError.

    Members that are None count as not given. Operations outside AWS's models are passed through.
    """
    values = {member: value for member, value in given.items() if value is not None}
    members, required = _members(name)
    if members is None:
        return values
    for unknown in values.keys() - members.keys():
        raise ValidationError(f"Unknown parameter in input: {unknown}")
    problems = [Problem(_camel(member), NOT_NULL) for member in required if member not in values]
    for member, value in values.items():
        problems += members[member].problems(value)
    if problems:
        raise ValidationError(refusal(problems, len(members), iam=not name.startswith("sts:")))
    return {member: members[member].sealed(value) for member, value in values.items()}


class Member:
    """One input of an operation, with what its constraints say laid out for the usual case: a text that is right."""

    def __init__(self, name: str, shape: Shape) -> None:
        self._where, self._shape = _camel(name), shape
        self._is_text = shape.type_name == "string" and not getattr(shape, "enum", None)
        self._sensitive = _is_sensitive(shape)
        self._low, self._high = shape.metadata.get("min", 0), shape.metadata.get("max", sys.maxsize)
        self._pattern = _pattern_of(shape)

    def problems(self, value: object) -> Iterable[Problem]:
        return () if self._is_right_text(value) else _problems(self._shape, value, self._where)

    def _is_right_text(self, value: object) -> bool:
        if not self._is_text or not isinstance(value, str) or not self._low <= len(value) <= self._high:
            return False
        return _matches(self._pattern, value)

    def sealed(self, value: object) -> object:
        return Secret(value) if self._sensitive and isinstance(value, str) else value


@lru_cache(maxsize=512)
def _members(name: str) -> tuple[Mapping[str, Member] | None, tuple[str, ...]]:
    """The inputs of an operation and which of them are required; None where AWS has no such operation."""
    model = operation_model(name)
    if model is None:
        return None, ()
    shape = model.input_shape
    if shape is None:
        return {}, ()
    return {each: Member(each, inner) for each, inner in shape.members.items()}, tuple(shape.required_members)


def limits(name: str, member: str) -> dict[str, object]:
    """`min`, `max`, `pattern` and `enum` of an input, for forms."""
    model = operation_model(name)
    if model is None or model.input_shape is None:
        return {}
    shape = model.input_shape.members[member]
    return {**shape.metadata, **({"enum": list(shape.enum)} if getattr(shape, "enum", None) else {})}


def keywords(values: Mapping[str, object]) -> dict[str, object]:
    """The same inputs as Python keywords: `UserName` is `user_name`."""
    return {_snake(member): value for member, value in values.items()}


@lru_cache(maxsize=1024)
def _snake(member: str) -> str:
    from botocore import xform_name

    snake: str = xform_name(member)
    return snake


def _camel(member: str) -> str:
    head = re.match(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]+$|[A-Z]", member)
    return member if head is None else head.group().lower() + member[head.end() :]


def _problems(shape: Shape, value: object, where: str) -> Iterator[Problem]:
    match shape.type_name:
        case "string":
            yield from _text_problems(shape, value, where)
        case "integer" | "long":
            yield from _number_problems(shape, value, where)
        case "boolean":
            if not isinstance(value, bool):
                yield Problem(where, "Member must be a boolean")
        case "list":
            yield from _list_problems(shape, value, where)
        case "structure":
            yield from _structure_problems(shape, value, where)


def _text_problems(shape: Shape, value: object, where: str) -> Iterator[Problem]:
    text = value.reveal() if isinstance(value, Secret) else value
    if not isinstance(text, str):
        yield Problem(where, "Member must be a string")
        return
    shown = None if _is_sensitive(shape) else text
    yield from _length_problems(shape, len(text), where, shown)
    enum = getattr(shape, "enum", None)
    if enum and text not in enum:
        yield Problem(where, "Member must satisfy enum value set", shown)
    pattern = _pattern_of(shape)
    if not _matches(pattern, text):
        yield Problem(where, PATTERN + pattern, shown)


def _length_problems(shape: Shape, length: int, where: str, shown: str | None = None) -> Iterator[Problem]:
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if low is not None and length < low:
        yield Problem(where, f"Member must have length greater than or equal to {low}", shown)
    if high is not None and length > high:
        yield Problem(where, f"Member must have length less than or equal to {high}", shown)


def _number_problems(shape: Shape, value: object, where: str) -> Iterator[Problem]:
    if not isinstance(value, int) or isinstance(value, bool):
        yield Problem(where, "Member must be a number")
        return
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if low is not None and value < low:
        yield Problem(where, f"Member must have value greater than or equal to {low}", str(value))
    if high is not None and value > high:
        yield Problem(where, f"Member must have value less than or equal to {high}", str(value))


def _list_problems(shape: Shape, value: object, where: str) -> Iterator[Problem]:
    if not isinstance(value, list | tuple):
        yield Problem(where, "Member must be a list")
        return
    yield from _length_problems(shape, len(value), where)
    if shape.member.type_name == "string":
        if any(problem for item in value for problem in _text_problems(shape.member, item, where)):
            yield Problem(where, _of_each(shape.member, where), f"[{', '.join(map(str, value))}]")
        return
    for place, item in enumerate(value, start=1):
        yield from _problems(shape.member, item, f"{where}.{place}.member")


def _of_each(shape: Shape, where: str) -> str:
    """AWS does not say which text of a list is wrong, but all that is wanted of each."""
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    wanted = [] if high is None else [f"Member must have length less than or equal to {high}"]
    wanted += [] if low is None else [f"Member must have length greater than or equal to {low}"]
    wanted += ["Member must satisfy enum value set"] if getattr(shape, "enum", None) else []
    wanted += [PATTERN + _pattern_of(shape)] if "pattern" in shape.metadata or not wanted else []
    wanted += [NOT_NULL] if where == "tagKeys" else []
    return f"Member must satisfy constraint: [{', '.join(wanted)}]"


def _structure_problems(shape: Shape, value: object, where: str) -> Iterator[Problem]:
    if not isinstance(value, Mapping):
        yield Problem(where, "Member must be a structure")
        return
    for member in shape.required_members:
        if value.get(member) is None:
            yield Problem(f"{where}.{_camel(member)}", NOT_NULL)
    for member, inner in value.items():
        if member in shape.members and inner is not None:
            yield from _problems(shape.members[member], inner, f"{where}.{_camel(member)}")


def _pattern_of(shape: Shape) -> str:
    """The text's pattern; where the model has none, whatever answers can carry back."""
    pattern: str = shape.metadata.get("pattern") or IN_XML
    return pattern


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    if pattern == IN_XML:
        return re.compile("[\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]*")
    # AWS's patterns are Java's: \w is ASCII there, except in the tag pattern, which is spelt with \p classes.
    if r"\p{" not in pattern:
        return re.compile(pattern, re.ASCII)
    return re.compile(pattern.replace(r"\p{L}\p{Z}\p{N}", r"\w \u00a0").replace(r"\p{L}", r"^\W\d_"))


def _matches(pattern: str, text: str) -> bool:
    return _compiled(pattern).fullmatch(text) is not None


def _is_sensitive(shape: Shape) -> bool:
    return bool(shape.metadata.get("sensitive"))
