"""What kinds of policy documents there are, how large each may be, and the error all save-time checks raise."""

from __future__ import annotations

import re
from enum import Enum
from typing import NoReturn

from policies.engine.positioned import Node

VERSIONS = ("2008-10-17", "2012-10-17")
CURRENT_VERSION = "2012-10-17"
# Documents hold tab, line feed, carriage return and U+0020 to U+00FF.
_FORBIDDEN_CHARACTER = re.compile("[^\t\n\r\u0020-\u00ff]")


class DocumentKind(Enum):
    """What a document is used as; this decides which elements it must and must not have."""

    IDENTITY = "identity"
    TRUST = "trust"
    SESSION = "session"
    RESOURCE = "resource"
    SCP = "scp"
    RCP = "rcp"


# Characters without white space. Inline policies share a quota per user, group or role: their operations count that.
QUOTAS: dict[DocumentKind, int] = {
    DocumentKind.IDENTITY: 6144,
    DocumentKind.TRUST: 2048,
    DocumentKind.SESSION: 2048,
    DocumentKind.RESOURCE: 20480,
    DocumentKind.SCP: 5120,
    DocumentKind.RCP: 5120,
}


class MalformedPolicy(ValueError):
    """A document AWS refuses to save: AWS's own text, and the place it is about."""

    def __init__(self, message: str, line: int = 1, column: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column


def refuse(message: str, node: Node) -> NoReturn:
    raise MalformedPolicy(message, node.line, node.column)


def policy_size(text: str) -> int:
    """The characters that count against a quota: all but white space."""
    return sum(map(len, text.split()))


def forbidden_character(text: str) -> int | None:
    """The offset of the first character no policy may hold."""
    found = _FORBIDDEN_CHARACTER.search(text)
    return found.start() if found else None


def statements(document: Node) -> list[Node]:
    """The statements of a document, whether it has one or a list."""
    found = document.get("Statement")
    if found is None:
        return []
    return found.items if found.kind == "array" else [found]


def strings(node: Node | None) -> list[Node]:
    """The strings of an element that may be one string or a list of them."""
    if node is None:
        return []
    return [item for item in (node.items if node.kind == "array" else [node]) if item.kind == "string"]


def element_strings(statement: Node, *names: str) -> list[Node]:
    return [item for name in names for item in strings(statement.get(name))]


def text_of(node: Node) -> str:
    return node.value if isinstance(node.value, str) else ""
