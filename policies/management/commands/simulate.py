"""`manage.py simulate FILE`: decide cases given as JSON, one object a line."""

from __future__ import annotations

import io
import json
import os
import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError

from policies.case_report import Report
from policies.engine.cases import Case, CaseError, Result, read_lines, run

UNREADABLE, INTERRUPTED = 2, 130
BAR = 30


class Command(BaseCommand):
    """Read cases, write decisions, and tell by the exit code whether all were as expected."""

    help = "Decide policy cases: one JSON case a line in (- is standard input), one JSON decision a line out."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="the file with the cases, or - for standard input")
        parser.add_argument("--explain", action="store_true", help="add the trace of every statement to the output")
        parser.add_argument("--junit", metavar="FILE", help="also write the results as a JUnit XML report")

    def handle(self, *args: object, **options: Any) -> None:
        """Exit code 1 when a case differs from what it expected, 2 when one could not be read."""
        report = Report()
        try:
            self._decide(options["file"], explain=options["explain"], report=report)
        except BrokenPipeError:
            # Whoever read the decisions has seen enough, as `head` does; Python would complain once more at its end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(UNREADABLE)
        except KeyboardInterrupt:
            sys.exit(INTERRUPTED)
        except OSError as error:
            raise CommandError(f"the decisions cannot be written: {error}", returncode=UNREADABLE) from None
        for complaint in report.complaints:
            self.stderr.write(complaint)
        if options["junit"]:
            _write(options["junit"], report.junit())
        if report.exit_code:
            sys.exit(report.exit_code)

    def _decide(self, name: str, *, explain: bool, report: Report) -> None:
        encoding = getattr(self.stdout, "encoding", None) or "utf-8"
        plain = not encoding.lower().replace("-", "").startswith("utf8")
        with _opened(name) as lines:
            for number, outcome in _with_progress(lines, sys.stderr, sys.stdout):
                found = outcome if isinstance(outcome, CaseError) else run(outcome, trace=explain)
                report.add(number, found)
                if isinstance(found, Result):
                    self.stdout.write(json.dumps(found.output, ensure_ascii=plain))
                    self.stdout.flush()


def _opened(name: str) -> TextIO:
    """The cases as text; bytes that are no UTF-8 become what the reader complains of, with their line."""
    if name == "-":
        # Closing standard input is not ours to do.
        source = sys.stdin.fileno() if isinstance(sys.stdin, io.TextIOWrapper) else None
        return sys.stdin if source is None else open(source, **_AS_TEXT, closefd=False)
    try:
        return Path(name).open(**_AS_TEXT)
    except OSError as error:
        raise CommandError(f"{name} cannot be read: {error}", returncode=UNREADABLE) from None


_AS_TEXT: Any = {"encoding": "utf-8", "errors": "surrogateescape", "newline": "\n"}


def _write(name: str, content: bytes) -> None:
    try:
        Path(name).write_bytes(content)
    except OSError as error:
        raise CommandError(f"{name} cannot be written: {error}", returncode=UNREADABLE) from None


def _with_progress(lines: TextIO, terminal: TextIO, output: TextIO) -> Iterator[tuple[int, Case | CaseError]]:
    """The cases, drawing a bar for somebody who watches; where the decisions themselves pass by there is none."""
    watched = terminal.isatty() and not output.isatty() and lines.seekable()
    cases: Iterable[tuple[int, Case | CaseError]] = read_lines(lines)
    if not watched:
        yield from cases
        return
    total = max(1, sum(1 for _ in lines))
    lines.seek(0)
    drawn = -1
    for number, case in cases:
        yield number, case
        if drawn < (drawn := 100 * number // total):
            filled = BAR * number // total
            terminal.write(f"\r[{'#' * filled}{'.' * (BAR - filled)}] {number}/{total}")
    terminal.write("\r" + " " * 60 + "\r")
