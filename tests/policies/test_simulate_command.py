"""`manage.py simulate`."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

ALLOW = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}


def _case(**members: Any) -> str:
    request = {
        "principal": "arn:aws:iam::111122223333:user/bob",
        "action": "s3:GetObject",
        "resource": "arn:aws:s3:::b/x",
    }
    return json.dumps({"id": "7", "name": "bob reads", "request": request, "identity_policies": [ALLOW], **members})


def _run(name: str, *options: str) -> tuple[list[dict[str, Any]], str, object]:
    out, err = io.StringIO(), io.StringIO()
    code: object = 0
    try:
        call_command("simulate", name, *options, stdout=out, stderr=err)
    except SystemExit as ended:
        code = ended.code
    return [json.loads(line) for line in out.getvalue().splitlines()], err.getvalue(), code


def _file(folder: Path, *lines: str) -> str:
    file = folder / "cases.jsonl"
    file.write_text("\n".join(lines), encoding="utf-8")
    return str(file)


def test_it_writes_one_decision_a_line(tmp_path: Path) -> None:
    decided, complaints, code = _run(
        _file(tmp_path, _case(), "", _case(identity_policies=[], expected="ImplicitlyDenied"))
    )
    assert [line["decision"] for line in decided] == ["Allowed", "ImplicitlyDenied"]
    assert (complaints, code) == ("", 0)
    assert "explanation" not in decided[0]


def test_it_ends_with_one_when_a_case_differs(tmp_path: Path) -> None:
    _, complaints, code = _run(_file(tmp_path, _case(), _case(expected="ExplicitlyDenied")))
    assert "line 2: 7 bob reads: expected ExplicitlyDenied, decided Allowed by identity" in complaints
    assert code == 1


def test_it_names_the_line_that_it_cannot_read_and_goes_on(tmp_path: Path) -> None:
    decided, complaints, code = _run(_file(tmp_path, _case(), "{]", _case(identity_policies=[{}]), _case()))
    assert len(decided) == 2
    assert "line 2: not JSON" in complaints
    assert "line 3: identity_policies[0]: a policy document must have a Statement" in complaints
    assert code == 2


def test_it_reads_standard_input_and_explains(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(_case() + "\n"))
    decided, _, code = _run("-", "--explain")
    assert decided[0]["explanation"]["layers"][4]["result"] == "Allowed"
    assert code == 0


def test_it_writes_a_junit_report(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    cases = _file(tmp_path, _case(), _case(expected="ExplicitlyDenied"), "nonsense")
    _, _, code = _run(cases, "--junit", str(report))
    suite = ElementTree.parse(report).getroot()  # noqa: S314  # our own file
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("3", "1", "1")
    assert [[child.tag for child in case] for case in suite] == [[], ["failure"], ["error"]]
    assert code == 2


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_it_draws_a_bar_only_for_somebody_who_watches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = _file(tmp_path, *[_case()] * 3)
    # Where the decisions themselves appear on the terminal, a bar would stand among them.
    for errors, output, drawn in (
        (_Terminal, io.StringIO, True),
        (_Terminal, _Terminal, False),
        (io.StringIO,) * 2 + (False,),
    ):
        monkeypatch.setattr(sys, "stderr", errors())
        monkeypatch.setattr(sys, "stdout", output())
        decided, _, _ = _run(cases)
        assert len(decided) == 3
        shown = sys.stderr.getvalue()  # type: ignore[attr-defined]
        assert ("3/3" in shown, shown != "") == (drawn, drawn)


def test_it_spells_out_what_neither_xml_nor_a_terminal_can_take(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    odd = _case(id="a\x1b[31m\x00\ufffe é", expected="ExplicitlyDenied", name="n" * 1000)
    _, complaints, _ = _run(_file(tmp_path, odd), "--junit", str(report))
    assert "a\\x1b[31m\\x00\\ufffe é nnn" in complaints
    assert len(complaints) < 400
    case = ElementTree.parse(report).getroot()[0]  # noqa: S314  # our own file
    assert (case.get("name") or "").startswith("a\\x1b[31m\\x00\\ufffe é nnn")


def test_it_names_the_line_whose_bytes_are_no_text(tmp_path: Path) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_bytes(b"\xef\xbb\xbf" + _case().encode() + b"\r\n" + b'{"id": "\xff"}\n' + _case().encode())
    decided, complaints, code = _run(str(file))
    assert (len(decided), complaints.strip(), code) == (2, "line 2: not UTF-8 (column 9)", 2)


def _manage(tmp_path: Path, *options: str, **environment: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "manage.py", "simulate", *options],
        cwd=settings.BASE_DIR,
        env={**os.environ, "IAMCONSOLE_VAR": str(tmp_path), **environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def test_it_ends_quietly_when_nobody_reads_on(tmp_path: Path) -> None:
    with _manage(tmp_path, _file(tmp_path, *[_case()] * 2000)) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert json.loads(process.stdout.readline())["decision"] == "Allowed"
        process.stdout.close()
        assert (process.stderr.read(), process.wait()) == (b"", 2)


def test_it_reads_bytes_and_writes_ascii_where_the_machine_knows_no_more(tmp_path: Path) -> None:
    lines = [_case(id="é"), _case()]
    text = json.dumps(json.loads(lines[0]), ensure_ascii=False).encode() + b"\n\xff\n" + lines[1].encode()
    with _manage(tmp_path, "-", PYTHONIOENCODING="ascii", LC_ALL="C") as process:
        output, complaints = process.communicate(text)
    assert [json.loads(line)["id"] for line in output.splitlines()] == ["é", "7"]
    assert (complaints, process.returncode) == (b"line 2: not UTF-8 (column 1)\n", 2)


def test_it_says_so_when_the_decisions_cannot_be_written(tmp_path: Path) -> None:
    class Full(io.StringIO):
        def write(self, text: str) -> int:
            raise OSError(28, "No space left on device")

    with pytest.raises(CommandError, match="the decisions cannot be written: .*No space left"):
        call_command("simulate", _file(tmp_path, _case()), stdout=Full())


def test_it_stops_when_it_is_told_to(tmp_path: Path) -> None:
    class Stopped(io.StringIO):
        def write(self, text: str) -> int:
            raise KeyboardInterrupt

    with pytest.raises(SystemExit) as ended:
        call_command("simulate", _file(tmp_path, _case()), stdout=Stopped())
    assert ended.value.code == 130


def test_it_says_so_when_the_file_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        _run(str(tmp_path / "absent"))
    with pytest.raises(CommandError, match="cannot be read"):
        _run(str(tmp_path))


def test_it_says_so_when_the_report_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be written"):
        _run(_file(tmp_path, _case()), "--junit", str(tmp_path / "absent" / "report.xml"))
