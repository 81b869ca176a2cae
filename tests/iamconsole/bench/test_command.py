from __future__ import annotations

import io
import json

import pytest
from django.core.management import CommandError, call_command

from iamconsole.bench import clock, registry


def test_it_prints_one_json_line_for_a_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_figures", {})
    registry.figure("test_answer", "1/s")(lambda: 42.0)
    said = io.StringIO()
    call_command("bench", "test_answer", stdout=said)
    (line,) = said.getvalue().splitlines()
    assert json.loads(line)["value"] == 42.0


def test_it_refuses_a_figure_that_does_not_exist() -> None:
    with pytest.raises(CommandError, match="no figure begins with nonsense"):
        call_command("bench", "nonsense")


def test_it_counts_what_each_repetition_does() -> None:
    calls: list[int] = []
    once = clock.per_second(lambda: calls.append(1), seconds=0.003)
    assert once > 0
    assert len(calls) > 3
