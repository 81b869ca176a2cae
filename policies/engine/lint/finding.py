"""What the linter says: one finding is one thing at one place, in plain words."""

from __future__ import annotations

from dataclasses import dataclass

from policies.engine.lint.rules import RULES, Level
from policies.engine.positioned import Node

LEVELS: tuple[Level, ...] = ("security", "error", "warning", "suggestion")


@dataclass(frozen=True, slots=True)
class Finding:
    """Lines and columns count from 1, the end is the place after the last character.

    `fix`, when there is one, is JSON text to put in place of the span.
    """

    level: Level
    code: str
    title: str
    message: str
    line: int
    column: int
    end_line: int
    end_column: int
    fix: str | None = None


def report(code: str, node: Node, message: str, *, level: Level | None = None, fix: str | None = None) -> Finding:
    """A finding about one value of the document; level and title are the rule's."""
    usual, title = RULES[code]
    (line, column), (end_line, end_column) = node.places.of(node.start), node.places.of(node.end)
    return Finding(level or usual, code, title, message, line, column, end_line, end_column, fix)


def shown(text: str) -> str:
    """A text of the document inside a message: quoted, and never longer than a line."""
    return f'"{text if len(text) <= 120 else text[:117] + "..."}"'
