"""AWS's Query protocol, the way out: XML, driven by the service models. The way in is `iamconsole.api.forms`.

Source: botocore's service models; AWS documentation, "Making query requests" (IAM user guide, programming).
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape

from iamconsole.operations.errors import ApiError
from iamconsole.operations.inputs import operation_model
from iamconsole.operations.secrets import Secret
from iamconsole.times import to_the_second

XMLNS = {"iam": "https://iam.amazonaws.com/doc/2010-05-08/", "sts": "https://sts.amazonaws.com/doc/2011-06-15/"}
# Policy documents travel percent-encoded (RFC 3986) inside the XML.
DOCUMENTS = {"policyDocumentType"}
Writer = Callable[[Any], str]
_PLAIN_TEXT = re.compile(r"[ !\"#$%'-;=?-~]*")
_ILLEGAL = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


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
    message = f"<Message>{_text(problem.message)}</Message>" if problem.message else ""
    return (
        f'<ErrorResponse xmlns="{XMLNS.get(service, XMLNS["iam"])}"><Error><Type>{kind}</Type>'
        f"<Code>{problem.code}</Code>{message}</Error>"
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
    return to_the_second(value) if isinstance(value, datetime) else _text(str(value))


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
