"""`manage.py simulate FILE`: decide cases given as JSON, one object a line."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO
from xml.etree import ElementTree

from django.core.management.base import BaseCommand, CommandError

from policies.engine.cases import Case, CaseError, Result, read_lines, run


class Command(BaseCommand):
    """Read cases, write decisions, and tell by the exit code whether all were as expected."""

    help = "Decide policy cases: one JSON case a line in (- is standard input), one JSON decision a line out."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="the file with the cases, or - for standard input")
        parser.add_argument("--explain", action="store_true", help="add the trace of every statement to the output")
        parser.add_argument("--junit", metavar="FILE", help="also write the results as a JUnit XML report")

    def handle(self, *args: object, **options: object) -> None:
        """Exit code 1 when a case differs from what it expected, 2 when one could not be read."""
        report = _Report()
        for number, outcome in _with_progress(_lines(str(options["file"])), sys.stderr):
            found = outcome if isinstance(outcome, CaseError) else run(outcome, trace=bool(options["explain"]))
            report.add(number, found)
            if isinstance(found, Result):
                self.stdout.write(json.dumps(found.output, ensure_ascii=False))
                self.stdout.flush()
        for complaint in report.complaints:
            self.stderr.write(complaint)
        if options["junit"]:
            _write(str(options["junit"]), report.junit())
        if report.exit_code:
            sys.exit(report.exit_code)


@dataclass
class _Report:
    """What became of every line."""

    lines: list[tuple[int, Result | CaseError]] = field(default_factory=list)

    def add(self, number: int, found: Result | CaseError) -> None:
        self.lines.append((number, found))

    @property
    def complaints(self) -> list[str]:
        return [f"line {number}: {text}" for number, found in self.lines if (text := _complaint(found))]

    @property
    def exit_code(self) -> int:
        if any(isinstance(found, CaseError) for _, found in self.lines):
            return 2
        return 1 if self.complaints else 0

    def junit(self) -> bytes:
        errors = sum(isinstance(found, CaseError) for _, found in self.lines)
        failures = len(self.complaints) - errors
        counts = {"tests": str(len(self.lines)), "failures": str(failures), "errors": str(errors)}
        suite = ElementTree.Element("testsuite", {"name": "simulate", **counts})
        for number, found in self.lines:
            title = found.case.title if isinstance(found, Result) else "unreadable"
            case = ElementTree.SubElement(suite, "testcase", {"classname": f"line {number}", "name": title})
            if complaint := _complaint(found):
                ElementTree.SubElement(case, "error" if isinstance(found, CaseError) else "failure", message=complaint)
        return bytes(ElementTree.tostring(suite, encoding="utf-8", xml_declaration=True))


def _complaint(found: Result | CaseError) -> str:
    if isinstance(found, CaseError):
        return str(found)
    if not found.differs or found.case.expected is None:
        return ""
    decision = found.decision
    answer = f"{decision.outcome.value} by {decision.layer.value}"
    return f"{found.case.title}: expected {found.case.expected.value}, decided {answer}"


def _lines(name: str) -> Iterable[str]:
    if name == "-":
        return sys.stdin
    try:
        return Path(name).read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{name} cannot be read: {error}", returncode=2) from None


def _write(name: str, content: bytes) -> None:
    try:
        Path(name).write_bytes(content)
    except OSError as error:
        raise CommandError(f"{name} cannot be written: {error}", returncode=2) from None


def _with_progress(lines: Iterable[str], terminal: TextIO) -> Iterator[tuple[int, Case | CaseError]]:
    """The cases, drawing a bar when somebody watches; standard input is read as it comes and has no known length."""
    total = len(lines) if isinstance(lines, list) else 0
    watched = total > 0 and terminal.isatty()
    for number, case in read_lines(iter(lines)):
        if watched:
            filled = 30 * number // total
            terminal.write(f"\r[{'#' * filled}{'.' * (30 - filled)}] {number}/{total}")
        yield number, case
    if watched:
        terminal.write("\r" + " " * 60 + "\r")
