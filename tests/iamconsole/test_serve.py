from __future__ import annotations

import socket
from pathlib import Path

import pytest

from iamconsole import serve


def test_it_takes_the_port_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "8123")
    assert serve.wanted_port() == 8123


@pytest.mark.parametrize("text", ["eighty", "0", "65536", "-1", "80.5"])
def test_it_refuses_a_port_that_is_none(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("PORT", text)
    with pytest.raises(SystemExit, match="PORT must be a number"):
        serve.wanted_port()


def test_it_names_another_port_when_this_one_is_in_use() -> None:
    with socket.socket() as other:
        other.bind((serve.HOST, 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(SystemExit, match=f"Port {port} is in use.*PORT={port + 1}"):
            serve.need_free_port(port)


def test_it_says_which_folder_it_cannot_write(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SystemExit, match="Cannot write to .*file/var"):
        serve.need_writable(tmp_path / "file" / "var")


def test_it_leaves_nothing_behind_in_a_folder_it_can_write(tmp_path: Path) -> None:
    serve.need_writable(tmp_path / "var")
    assert list((tmp_path / "var").iterdir()) == []


def test_it_keeps_the_data_to_this_user(tmp_path: Path) -> None:
    serve.need_writable(tmp_path / "var")
    assert (tmp_path / "var").stat().st_mode & 0o077 == 0


def test_it_says_what_to_do_when_a_package_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def broken() -> None:
        raise ModuleNotFoundError("No module named 'pyotp'")

    monkeypatch.setenv("IAMCONSOLE_VAR", str(tmp_path))
    monkeypatch.setattr("django.setup", broken)
    with pytest.raises(SystemExit, match="No module named 'pyotp'.*Remove .venv and run `make run`"):
        serve.prepare()


def test_it_makes_no_control_socket_in_the_home_directory() -> None:
    assert serve.server_settings(8000)["control_socket_disable"] is True
