"""AWS's Query protocol, both ways, driven by the service models: form parameters in, XML out.

Source: botocore's service models; AWS documentation, "Making query requests" (IAM user guide, programming).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from xml.sax.saxutils import escape

from iamconsole.operations.errors import ApiError, ValidationError
from iamconsole.operations.inputs import operation_model
from iamconsole.operations.secrets import Secret

if TYPE_CHECKING:
    from botocore.model import Shape

XMLNS = {"iam": "https://iam.amazonaws.com/doc/2010-05-08/", "sts": "https://sts.amazonaws.com/doc/2011-06-15/"}
# Policy documents travel percent-encoded (RFC 3986) inside the XML.
DOCUMENTS = {"policyDocumentType"}
Writer = Callable[[Any], str]
_PLAIN_TEXT = re.compile(r"[ !\"#$%'-;=?-~]*")
_ILLEGAL = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def parse(name: str, form: Mapping[str, str]) -> dict[str, object]:
    """The inputs of operation `name` out of flat form parameters (`Tags.member.1.Key`); unknown ones are ignored."""
    found = {}
    for member, inner, wire_name in _inputs(name):
        value = _parse(inner, form, wire_name)
        if value is not None:
            found[member] = value
    return found


@lru_cache(maxsize=512)
def _inputs(name: str) -> list[tuple[str, Shape, str]]:
    """The inputs of an operation with their names on the wire."""
    model = operation_model(name)
    if model is None or model.input_shape is None:
        return []
    members = model.input_shape.members.items()
    return [(member, inner, inner.serialization.get("name", member)) for member, inner in members]


def _parse(shape: Shape, form: Mapping[str, str], prefix: str) -> object:
    match shape.type_name:
        case "structure":
            return _parse_structure(shape, form, prefix)
        case "list":
            return _parse_list(shape, form, prefix)
        case "map":
            return _parse_map(shape, form, prefix)
        case _:
            text = form.get(prefix)
            return None if text is None else _scalar(shape, text, prefix)


def _parse_structure(shape: Any, form: Mapping[str, str], prefix: str) -> dict[str, object] | None:
    found = {}
    for member, inner in shape.members.items():
        value = _parse(inner, form, f"{prefix}.{inner.serialization.get('name', member)}")
        if value is not None:
            found[member] = value
    return found or None


def _parse_list(shape: Any, form: Mapping[str, str], prefix: str) -> list[object] | None:
    if form.get(prefix) == "":
        return []
    items: list[object] = []
    wrapper = prefix if shape.serialization.get("flattened") else f"{prefix}.member"
    while (value := _parse(shape.member, form, f"{wrapper}.{len(items) + 1}")) is not None:
        items.append(value)
    return items or None


def _parse_map(shape: Any, form: Mapping[str, str], prefix: str) -> dict[str, object] | None:
    found: dict[str, object] = {}
    entry = prefix if shape.serialization.get("flattened") else f"{prefix}.entry"
    key, inner = shape.key.serialization.get("name", "key"), shape.value.serialization.get("name", "value")
    while (name := form.get(f"{entry}.{len(found) + 1}.{key}")) is not None:
        if name in found:
            raise ValidationError(f"The key {name} is given more than once at '{prefix}'")
        found[name] = _parse(shape.value, form, f"{entry}.{len(found) + 1}.{inner}")
    return found or None


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


def answer(name: str, result: Mapping[str, object], request_id: str) -> str:
    """The XML of a result."""
    service, _, verb = name.partition(":")
    inner = _result_writer(name)(result)
    metadata = f"<ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata>"
    return f'<{verb}Response xmlns="{XMLNS[service]}">{inner}{metadata}</{verb}Response>'


@lru_cache(maxsize=512)
def _result_writer(name: str) -> Writer:
    """What writes the result of an operation; made once, as walking a service model takes longer than writing."""
    model = operation_model(name)
    assert model is not None
    if model.output_shape is None:
        return lambda result: ""
    return _writer(model.output_shape.serialization.get("resultWrapper", f"{model.name}Result"), model.output_shape)


def error(service: str, problem: ApiError, request_id: str) -> str:
    """The XML of an error."""
    kind = "Sender" if problem.status < 500 else "Receiver"
    return (
        f'<ErrorResponse xmlns="{XMLNS.get(service, XMLNS["iam"])}"><Error><Type>{kind}</Type>'
        f"<Code>{problem.code}</Code><Message>{_text(problem.message)}</Message></Error>"
        f"<RequestId>{request_id}</RequestId></ErrorResponse>"
    )


def _writer(tag: str, shape: Any) -> Writer:
    """What writes a value of this shape as the element `tag`."""
    match shape.type_name:
        case "structure":
            return _structure_writer(tag, shape)
        case "list":
            return _list_writer(tag, shape)
        case "map":
            return _map_writer(tag, shape)
        case "string" if shape.name not in DOCUMENTS:
            return _string_writer(tag, shape)
        case "timestamp":
            return lambda value: f"<{tag}>{_moment(value)}</{tag}>"
        case _:
            return lambda value: f"<{tag}>{_text(_plain(shape, value))}</{tag}>"


def _string_writer(tag: str, shape: Any) -> Writer:
    is_plain, start, end = _PLAIN_TEXT.fullmatch, f"<{tag}>", f"</{tag}>"

    def write(value: Any) -> str:
        if type(value) is str and is_plain(value):
            return start + value + end
        return start + _text(_plain(shape, value)) + end

    return write


def _structure_writer(tag: str, shape: Any) -> Writer:
    writers = [
        (member, _writer(inner.serialization.get("name", member), inner)) for member, inner in shape.members.items()
    ]

    def write(value: Any) -> str:
        inside = [writer(found) for member, writer in writers if (found := value.get(member)) is not None]
        return f"<{tag}>{''.join(inside)}</{tag}>"

    return write


def _list_writer(tag: str, shape: Any) -> Writer:
    flat = shape.serialization.get("flattened")
    item = _writer(tag if flat else shape.member.serialization.get("name", "member"), shape.member)

    def write(value: Any) -> str:
        items = "".join([item(each) for each in value])
        return items if flat else f"<{tag}>{items}</{tag}>"

    return write


def _map_writer(tag: str, shape: Any) -> Writer:
    key = _writer(shape.key.serialization.get("name", "key"), shape.key)
    inner = _writer(shape.value.serialization.get("name", "value"), shape.value)

    def write(value: Any) -> str:
        entries = "".join([f"<entry>{key(k)}{inner(v)}</entry>" for k, v in value.items()])
        return f"<{tag}>{entries}</{tag}>"

    return write


def _moment(value: Any) -> str:
    return f"{value.isoformat()[:19]}Z" if isinstance(value, datetime) else _text(str(value))


def _plain(shape: Any, value: Any) -> str:
    if isinstance(value, Secret):
        value = value.reveal()
    if isinstance(value, str):
        return quote(value, safe="-_.~") if shape.name in DOCUMENTS else value
    match value:
        case bool():
            return "true" if value else "false"
        case bytes():
            return base64.b64encode(value).decode()
        case _:
            return str(value)


def _text(text: str) -> str:
    """Text for XML 1.0: markup escaped, and what XML cannot carry at all replaced."""
    if _PLAIN_TEXT.fullmatch(text):
        return text
    return escape(_ILLEGAL.sub("\ufffd", text), {"\r": "&#13;"})
