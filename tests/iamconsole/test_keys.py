from __future__ import annotations

import base64
from pathlib import Path

from iamconsole.keys import kept_secret, new_master_key


def test_it_makes_a_secret_once_and_keeps_it(tmp_path: Path) -> None:
    assert kept_secret(tmp_path / "var" / "key", "first") == "first"
    assert kept_secret(tmp_path / "var" / "key", "second") == "first"


def test_it_lets_nobody_else_read_a_secret(tmp_path: Path) -> None:
    kept_secret(tmp_path / "var" / "key", "first")
    assert (tmp_path / "var" / "key").stat().st_mode & 0o077 == 0
    assert (tmp_path / "var").stat().st_mode & 0o077 == 0


def test_it_makes_master_keys_of_32_random_bytes() -> None:
    name, _, key = new_master_key().partition(":")
    assert name != new_master_key().partition(":")[0]
    assert len(base64.b64decode(key)) == 32
