"""Findings about a policy document: what is wrong, dangerous, doubtful or needless, each with its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

from policies.engine.lint import (
    actions,
    conditions,
    emptiness,
    escalation,
    permissive,
    principals,
    redundancy,
    resources,
    structure,
    values,
    variables,
)
from policies.engine.lint.facts import CatalogFacts
from policies.engine.lint.finding import LEVELS, Finding
from policies.engine.lint.rules import RULES, Level
from policies.engine.lint.scope import Scope
from policies.engine.positioned import DocumentError, parse
from policies.engine.validate import DocumentKind, MalformedPolicy, validate_document
from policies.engine.validate_kinds import forbidden_character

__all__ = ["LEVELS", "RULES", "CatalogFacts", "DocumentKind", "Finding", "Level", "lint_document"]

Family = Callable[[Scope], Iterator[Finding]]
FAMILIES: tuple[Family, ...] = tuple(
    family.check
    for family in (
        structure, emptiness, actions, resources, conditions, values, variables, permissive, escalation, principals,
        redundancy,
    )
)  # fmt: skip
MOST_FINDINGS = 500


def lint_document(
    text: str,
    kind: DocumentKind,
    catalog: CatalogFacts | None = None,
    *,
    account_id: str | None = None,
    quota: int | None = None,
) -> list[Finding]:
    """All findings in the order of the text; a broken document has one, and nothing else is looked at.

    Without a catalogue no action, key or resource type is called unknown; without the account no other is foreign;
    `quota` is for documents whose size limit is not that of their kind, as inline policies.
    """
    try:
        document = parse(text)
    except DocumentError as error:
        return [_broken(error.message, error.line, error.column)]
    scope = Scope(document, text, kind, catalog, account_id, quota)
    found = list(islice((finding for family in FAMILIES for finding in family(scope)), MOST_FINDINGS))
    if not any(finding.level == "error" for finding in found):
        found += _refusal(scope)
    return sorted(found, key=lambda finding: (finding.line, finding.column, LEVELS.index(finding.level)))


def _broken(message: str, line: int, column: int) -> Finding:
    level, title = RULES["json-syntax"]
    sentence = message[:1].upper() + message[1:] + "."
    return Finding(level, "json-syntax", title, sentence, line, column, line, column + 1)


def _refusal(scope: Scope) -> Iterator[Finding]:
    """What AWS would refuse although no rule of ours has said why: never a green light for a document it won't save."""
    offset = forbidden_character(scope.text)
    if offset is not None:
        message = "Policies hold tabs, line ends and characters up to U+00FF only."
        yield _refused(message, *scope.document.places.of(offset))
        return
    try:
        validate_document(scope.text, scope.kind)
    except MalformedPolicy as error:
        yield _refused(error.message, error.line, error.column)


def _refused(message: str, line: int, column: int) -> Finding:
    level, title = RULES["refused"]
    return Finding(level, "refused", title, message, line, column, line, column + 1)
