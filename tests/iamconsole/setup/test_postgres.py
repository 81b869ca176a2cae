from __future__ import annotations

from pathlib import Path

import pytest

from iamconsole.setup import postgres


def test_it_says_what_to_install_when_postgresql_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "programs_here", lambda: None)
    monkeypatch.setattr(postgres, "apt_install", lambda package: False)
    with pytest.raises(SystemExit, match="install the postgresql package"):
        postgres.find_programs()


def test_it_uses_what_an_installation_brought(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    answers = iter([None, tmp_path])
    monkeypatch.setattr(postgres, "programs_here", lambda: next(answers))
    monkeypatch.setattr(postgres, "apt_install", lambda package: package == "postgresql")
    assert postgres.find_programs() == tmp_path


def test_it_uses_a_database_that_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://somewhere/else")
    monkeypatch.setattr(postgres, "throw_away_server", lambda: pytest.fail("started a server of its own"))
    monkeypatch.setattr(postgres.signal, "signal", lambda *handler: None)
    with pytest.raises(SystemExit) as left:
        postgres.main(["sh", "-c", 'test "$DATABASE_URL" = postgres://somewhere/else && exit 7'])
    assert left.value.code == 7
