"""The README tells the truth: what it names exists, and what exists is named."""

from __future__ import annotations

import re
from pathlib import Path

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


APP_READMES = sorted(path for path in settings.BASE_DIR.glob("[aip]*/**/README.md"))


@pytest.mark.parametrize("readme", APP_READMES, ids=lambda path: str(path.relative_to(settings.BASE_DIR)))
def test_it_lists_only_rooms_that_exist(readme: Path) -> None:
    rooms = "\n".join(line for line in readme.read_text().splitlines() if line.startswith("| `"))
    for room in re.findall(r"`([\w/]+(?:\.py|/))`", rooms):
        assert (settings.BASE_DIR / room).exists() or any(readme.parent.glob(f"**/{room}")), room


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(([^)#:]+)\)", README))))
def test_it_links_only_to_what_exists(link: str) -> None:
    assert (settings.BASE_DIR / link).exists()
