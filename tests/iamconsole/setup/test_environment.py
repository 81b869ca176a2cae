from __future__ import annotations

from pathlib import Path

import pytest

from iamconsole.setup import environment


@pytest.fixture
def venv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An environment of nothing but a Python and a stamp."""
    monkeypatch.setattr(environment, "PYTHON", tmp_path / "python")
    monkeypatch.setattr(environment, "STAMP", tmp_path / "stamp")
    environment.PYTHON.touch()
    return tmp_path


def test_it_installs_when_there_is_no_stamp(venv: Path) -> None:
    assert not environment.is_installed("")


def test_it_does_nothing_when_the_stamp_fits(venv: Path) -> None:
    environment.STAMP.write_text(environment.stamp(""))
    assert environment.is_installed("")


def test_it_runs_the_product_in_an_environment_for_development(venv: Path) -> None:
    environment.STAMP.write_text(environment.stamp("dev"))
    assert environment.is_installed("postgres")


def test_it_installs_what_development_needs_besides_the_product(venv: Path) -> None:
    environment.STAMP.write_text(environment.stamp(""))
    assert not environment.is_installed("dev")


def test_it_installs_again_in_a_folder_that_was_moved(venv: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    environment.STAMP.write_text(environment.stamp(""))
    monkeypatch.setattr(environment, "ROOT", _moved(venv))
    assert not environment.is_installed("")


def _moved(folder: Path) -> Path:
    (folder / "pyproject.toml").write_bytes((environment.ROOT / "pyproject.toml").read_bytes())
    return folder


def test_it_tells_how_to_get_a_missing_venv_module(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SystemExit, match="apt-get install python3-venv"):
        environment.need_venv_module()
