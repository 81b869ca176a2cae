"""What a policy editor shows below itself: the linter's findings by level, and the room left."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from policies.catalog.facts import facts
from policies.engine.lint import Finding, lint_document
from policies.engine.validate import DocumentKind, MalformedPolicy, policy_size, validate_document

LEVELS = {"security": "Security", "error": "Errors", "warning": "Warnings", "suggestion": "Suggestions"}
ICONS = {
    "security": "status-warning",
    "error": "status-error",
    "warning": "status-warning",
    "suggestion": "status-info",
}


@dataclass(frozen=True)
class ShownFinding:
    """One finding as drawn."""

    level: str
    title: str
    message: str
    line: int
    column: int

    @property
    def icon(self) -> str:
        return ICONS[self.level]


@dataclass(frozen=True)
class FindingsTab:
    """One tab of the panel."""

    level: str
    label: str
    findings: list[ShownFinding]
    open: bool


@dataclass(frozen=True)
class FindingsPanel:
    """What `policies/_findings.html` draws."""

    findings: list[ShownFinding]
    tab: str
    size: int
    quota: int

    @property
    def errors(self) -> int:
        return len(self._at("error"))

    @property
    def warnings(self) -> int:
        return len(self._at("warning")) + len(self._at("security"))

    @property
    def remaining(self) -> int:
        return self.quota - self.size

    @property
    def tabs(self) -> list[FindingsTab]:
        found = next((level for level in ("error", "security", "warning", "suggestion") if self._at(level)), "security")
        open_level = self.tab if self.tab in LEVELS and self._at(self.tab) else found
        return [FindingsTab(level, label, self._at(level), level == open_level) for level, label in LEVELS.items()]

    def _at(self, level: str) -> list[ShownFinding]:
        return [each for each in self.findings if each.level == level]


def findings_panel(text: str, kind: DocumentKind, *, quota: int = 0, tab: str = "") -> FindingsPanel:
    """The panel for a document; `tab` is the level that was open before."""
    found = [_shown(each) for each in lint_document(text, kind, facts())]
    return FindingsPanel([*_refusal(text, kind, found), *found], tab, policy_size(text), quota)


def _shown(finding: Finding) -> ShownFinding:
    return ShownFinding(finding.level, finding.title, finding.message, finding.line, finding.column)


def _refusal(text: str, kind: DocumentKind, found: Iterable[ShownFinding]) -> list[ShownFinding]:
    """What AWS would answer to the document, unless the linter says it already."""
    if any(each.level == "error" for each in found):
        return []
    try:
        validate_document(text, kind)
    except MalformedPolicy as problem:
        return [ShownFinding("error", "Malformed policy", str(problem), problem.line, problem.column)]
    return []
