"""What became of the cases of a file: complaints in words, the exit code, and a JUnit report for a CI."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.etree import ElementTree

from policies.engine.cases import CaseError, Result

LONGEST_TITLE = 200
_UNSHOWN = re.compile(r"[^\x20-\x7e]")


@dataclass(frozen=True)
class Line:
    """What became of one line of the file; a decided case without a complaint passed."""

    number: int
    title: str
    complaint: str
    readable: bool


@dataclass
class Report:
    """Every line in brief: the cases themselves are not kept, however many there are."""

    lines: list[Line] = field(default_factory=list)

    def add(self, number: int, found: Result | CaseError) -> None:
        if isinstance(found, CaseError):
            self.lines.append(Line(number, "unreadable", _shown(str(found)), readable=False))
        else:
            title = _shown(found.case.title)
            self.lines.append(Line(number, title, _difference(title, found), readable=True))

    @property
    def complaints(self) -> list[str]:
        return [f"line {line.number}: {line.complaint}" for line in self.lines if line.complaint]

    @property
    def exit_code(self) -> int:
        if not all(line.readable for line in self.lines):
            return 2
        return 1 if self.complaints else 0

    def junit(self) -> bytes:
        errors = sum(not line.readable for line in self.lines)
        counts = {"tests": len(self.lines), "failures": len(self.complaints) - errors, "errors": errors}
        plain = {name: str(count) for name, count in counts.items()}
        suite = ElementTree.Element("testsuite", {"name": "simulate", **plain})
        for line in self.lines:
            named = {"classname": f"line {line.number}", "name": line.title}
            case = ElementTree.SubElement(suite, "testcase", named)
            if line.complaint:
                ElementTree.SubElement(case, "failure" if line.readable else "error", message=line.complaint)
        return bytes(ElementTree.tostring(suite, encoding="utf-8", xml_declaration=True))


def _difference(title: str, found: Result) -> str:
    expected, decision = found.case.expected, found.decision
    if expected is None or not found.differs:
        return ""
    return f"{title}: expected {expected.value}, decided {decision.outcome.value} by {decision.layer.value}"


def _shown(text: str) -> str:
    """Control characters spelled out: XML cannot hold them, and a terminal would obey them."""
    cut = text if len(text) <= LONGEST_TITLE else f"{text[:LONGEST_TITLE]}…"
    return _UNSHOWN.sub(lambda found: found[0] if found[0].isprintable() else repr(found[0])[1:-1], cut)
