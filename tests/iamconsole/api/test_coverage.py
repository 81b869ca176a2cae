"""The help topic on which AWS operations are served."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import call_command

from iamconsole.api import coverage
from iamconsole.operations import registry


def test_it_is_up_to_date() -> None:
    assert coverage.PLACE.read_text("utf-8") == coverage.markdown(), f"run `{coverage.COMMAND}`"


def test_it_counts_what_is_served() -> None:
    served = [each.service for each in registry.every()]
    text = coverage.markdown()
    assert f"{served.count('iam')} of " in text and f" and {served.count('sts')} of " in text
    assert "| CreateUser | yes |" in text
    assert "| AcquireRole | - |" in text


def test_it_writes_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coverage, "PLACE", tmp_path / "help" / "api-coverage.md")
    call_command("api_coverage")
    assert (tmp_path / "help" / "api-coverage.md").read_text("utf-8") == coverage.markdown()
