"""A policy document, read once and compiled for many decisions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from policies.engine.positioned import LONGEST_TEXT, DocumentError, Node, parse
from policies.engine.statement import Statement, compile_statement

CURRENT_VERSION = "2012-10-17"


@dataclass(frozen=True, slots=True)
class Document:
    """A compiled document; `node` holds the positions of everything in its text."""

    version: str
    statements: tuple[Statement, ...]
    node: Node = field(repr=False, compare=False)

    @property
    def knows_variables(self) -> bool:
        """Whether `${…}` means something in it: only in documents of the current version."""
        return self.version == CURRENT_VERSION


def compile_document(source: str | Mapping[str, object] | Node, *, longest: int | None = LONGEST_TEXT) -> Document:
    """Compile a document given as text, as JSON or as part of a text; what cannot be read raises DocumentError.

    Evaluation is tolerant where saving is strict: an unknown operator holds for nothing, an unknown element is ignored.
    `longest` bounds the text; None is for documents that come with the product.
    """
    node = _within(source, longest) if isinstance(source, Node) else parse(as_text(source), longest=longest)
    if node.kind != "object":
        raise node.error("a policy document must be an object")
    version = _version(node)
    found = node.get("Statement")
    if found is None:
        raise node.error("a policy document must have a Statement")
    items = found.items if found.kind == "array" else [found]
    variables = version == CURRENT_VERSION
    statements = (compile_statement(item, index, variables=variables) for index, item in enumerate(items))
    return Document(version, tuple(statements), node)


def _version(node: Node) -> str:
    found = node.get("Version")
    if found is not None and found.kind != "string":
        raise found.error("Version must be a string")
    return found.raw if found else ""


def _within(node: Node, longest: int | None) -> Node:
    if longest is not None and node.end - node.start > longest:
        raise node.error(f"the document is longer than {longest} characters")
    return node


def as_text(source: str | Mapping[str, object]) -> str:
    """JSON text; what is text already stays as it is."""
    if isinstance(source, str):
        return source
    try:
        return json.dumps(source, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise DocumentError(f"the document is not JSON: {error}") from None
