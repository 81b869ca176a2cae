"""What the content security policy would block must not get into a template."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted(path for path in ROOT.rglob("*.html") if "templates" in path.parts and ".venv" not in path.parts)
BANNED = re.compile(
    r'\sstyle=|\son[a-z]+="|hx-on|hx-vars|hx-vals=.js:|javascript:|<style|<script(?![^>]*\ssrc=)|href="#"'
)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_it_has_nothing_inline(path: Path) -> None:
    text = path.read_text()
    if path.name == "kit.html":
        text = text.replace('href="#"', "")
    assert not BANNED.findall(text)


@pytest.mark.parametrize("name", ["400.html", "403.html", "404.html", "500.html", "403_csrf.html"])
def test_it_draws_error_pages_without_anything_around_them(name: str) -> None:
    html = get_template(name).render({})
    assert "<h1>" in html
    assert "not affiliated with AWS" in html
