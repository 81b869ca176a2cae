"""`manage.py simulate`."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
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


def test_it_draws_a_bar_only_on_a_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    watched, piped = Terminal(), io.StringIO()
    monkeypatch.setattr(sys, "stderr", watched)
    _run(_file(tmp_path, _case()))
    assert "1/1" in watched.getvalue()
    monkeypatch.setattr(sys, "stderr", piped)
    _run(_file(tmp_path, _case()))
    assert piped.getvalue() == ""


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_it_says_so_when_the_file_cannot_be_read(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "cases.jsonl"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(CommandError, match="cannot be read"):
        _run(str(file))
