"""AWS's Query protocol, the way in: flat form parameters become inputs, driven by the service models.

What is not an input of the operation is ignored, as AWS ignores it. What names an input in a shape that the input does
not have is refused: whoever asked for a tag or a session policy must not get the rest without it.

Source: botocore's service models; AWS documentation, "Making query requests" (IAM user guide, programming).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from iamconsole.operations.errors import ApiError, ValidationError
from iamconsole.operations.inputs import operation_model

if TYPE_CHECKING:
    from botocore.model import Shape

    from iamconsole.api.sigv4 import WireRequest

FORM = "application/x-www-form-urlencoded"
MOST_PARAMETERS = 5_000
# One more than the deepest input of the models: a longer name stays in one piece there and matches nothing.
DEEPEST = 8
_INDEX = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)


class MalformedQueryString(ApiError):
    code, status = "MalformedQueryString", 400


class MalformedInput(ApiError):
    """The parameters name an input in a shape that it does not have."""

    code, status = "MalformedInput", 400


@dataclass
class Node:
    """The parameters below one name: its own text, and what came under longer names."""

    text: str | None = None
    under: dict[str, Node] = field(default_factory=dict)


def is_form(content_type: str) -> bool:
    """Whether a body of that type is a form."""
    return content_type.partition(";")[0].strip().lower() == FORM


def parameters(wire: WireRequest) -> Mapping[str, str]:
    """The form's parameters, from the query and the body; a name given twice is refused, as its meaning is open."""
    text = wire.query
    if is_form(wire.headers.get("content-type", "")):
        try:
            text = "&".join(part for part in (text, wire.body.decode()) if part)
        except UnicodeDecodeError:
            raise MalformedQueryString("The request body is not UTF-8.") from None
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_PARAMETERS, errors="strict")
    except ValueError:
        raise MalformedQueryString("The request parameters cannot be read.") from None
    if any("\x00" in part for pair in pairs for part in pair):
        raise MalformedQueryString("The request parameters contain a character that is not allowed.")
    found = dict(pairs)
    if len(found) < len(pairs):
        raise MalformedQueryString("A parameter was given more than once.")
    return found


def parse(name: str, form: Mapping[str, str]) -> dict[str, object]:
    """The inputs of operation `name` (`Tags.member.1.Key` and the like); others are ignored. Raises MalformedInput."""
    nested = _nested(form)
    found = {}
    for member, inner, wire_name in _inputs(name):
        text, node = form.get(wire_name), nested.get(wire_name)
        if text is None and node is None:
            continue
        found[member] = _parse(inner, Node(text, node.under if node else {}), wire_name)
    return found


@lru_cache(maxsize=512)
def _inputs(name: str) -> list[tuple[str, Shape, str]]:
    """The inputs of an operation with their names on the wire."""
    model = operation_model(name)
    if model is None or model.input_shape is None:
        return []
    members = model.input_shape.members.items()
    return [(member, inner, inner.serialization.get("name", member)) for member, inner in members]


def _nested(form: Mapping[str, str]) -> dict[str, Node]:
    """The parameters with a dot in their name, by its parts."""
    root = Node()
    for name, text in form.items():
        if "." in name:
            node = root
            for part in name.split(".", DEEPEST):
                node = node.under.setdefault(part, Node())
            node.text = text
    return root.under


def _parse(shape: Shape, node: Node, where: str) -> object:
    match shape.type_name:
        case "structure":
            return _structure(shape, node, where)
        case "list":
            return _list(shape, node, where)
        case "map":
            return _map(shape, node, where)
        case _:
            if node.under or node.text is None:
                raise MalformedInput("Start of list found where not expected")
            return _scalar(shape, node.text, where)


def _structure(shape: Any, node: Node, where: str) -> dict[str, object]:
    if node.text is not None:
        raise MalformedInput("Unexpected complex element termination")
    found = {}
    for member, inner in shape.members.items():
        wire_name = inner.serialization.get("name", member)
        if (below := node.under.get(wire_name)) is not None:
            found[member] = _parse(inner, below, f"{where}.{wire_name}")
    return found


def _list(shape: Any, node: Node, where: str) -> list[object]:
    return [_parse(shape.member, each, f"{where}.{index}") for index, each in _items(shape, node, "member")]


def _map(shape: Any, node: Node, where: str) -> dict[str, object]:
    found: dict[str, object] = {}
    key, inner = shape.key.serialization.get("name", "key"), shape.value.serialization.get("name", "value")
    for index, each in _items(shape, node, "entry"):
        if each.text is not None or key not in each.under:
            raise MalformedInput("Unexpected complex element termination")
        name = str(_parse(shape.key, each.under[key], f"{where}.{index}.{key}"))
        if name in found:
            raise ValidationError(f"The key {name} is given more than once at '{where}'")
        value = each.under.get(inner)
        found[name] = None if value is None else _parse(shape.value, value, f"{where}.{index}.{inner}")
    return found


def _items(shape: Any, node: Node, wrapper: str) -> list[tuple[int, Node]]:
    """What a list or map holds, in the order of the numbers; numbers may be left out, as AWS's own clients once did.

    An empty text alone is how a client sends an empty list.
    """
    if node.text is not None:
        if node.text or node.under:
            raise MalformedInput("Unexpected list element termination")
        return []
    if not shape.serialization.get("flattened"):
        if node.under.keys() - {wrapper}:
            raise MalformedInput("Top level element may not be treated as a list")
        node = node.under[wrapper]
    if node.text is not None or not all(_INDEX.fullmatch(number) for number in node.under):
        raise MalformedInput("Unexpected list element termination")
    return sorted((int(number), each) for number, each in node.under.items())


def _scalar(shape: Shape, text: str, where: str) -> object:
    match shape.type_name:
        case "integer" | "long":
            return _integer(text, where)
        case "boolean":
            if text.lower() not in ("true", "false"):
                raise ValidationError(f"Invalid boolean value at '{where}'")
            return text.lower() == "true"
        case "blob":
            try:
                return base64.b64decode(text, validate=True)
            except binascii.Error:
                raise ValidationError(f"Invalid base64 value at '{where}'") from None
        case _:
            return text


def _integer(text: str, where: str) -> int:
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 18):
        raise ValidationError(f"Invalid integer value at '{where}'")
    return int(text)
