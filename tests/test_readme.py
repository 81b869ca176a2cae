"""The README tells the truth: what it names exists, and what exists is named."""

from __future__ import annotations

import re

import pytest
from django.conf import settings

README = (settings.BASE_DIR / "README.md").read_text()
SETTINGS = (settings.BASE_DIR / "iamconsole" / "settings.py").read_text()
MAKEFILE = (settings.BASE_DIR / "Makefile").read_text()


@pytest.mark.parametrize("variable", sorted(set(re.findall(r'env\.\w+\(\s*"(\w+)"', SETTINGS))))
def test_it_documents_every_setting(variable: str) -> None:
    assert f"| `{variable}` |" in README


@pytest.mark.parametrize("target", sorted(set(re.findall(r"`(?:PORT=\d+ )?make ([a-z-]+)", README))))
def test_it_names_only_commands_that_exist(target: str) -> None:
    assert re.search(rf"^{target}:.*## ", MAKEFILE, re.MULTILINE)


@pytest.mark.parametrize("folder", sorted(set(re.findall(r"`((?:\w+/)+)`", README)) - {"var/"}))
def test_it_names_only_folders_that_exist(folder: str) -> None:
    assert (settings.BASE_DIR / folder).is_dir() or any(settings.BASE_DIR.glob(f"*/{folder}"))
