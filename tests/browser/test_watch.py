from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.watch import COLOUR_RULES, axe_findings, watch

Watched = tuple[Page, list[str]]


@pytest.fixture
def watched(new_context: Callable[..., BrowserContext]) -> Watched:
    """A page and the complaints about it, which do not fail this test."""
    context = new_context()
    complaints = watch(context)
    return context.new_page(), complaints


def show(page: Page, html: str) -> None:
    page.goto(f"data:text/html,{quote('<!doctype html><html lang=en><title>T</title>' + html)}")
    page.wait_for_load_state("networkidle")


def test_it_has_no_complaint_about_a_quiet_page(watched: Watched) -> None:
    page, complaints = watched
    show(page, "<script>console.log('hello')</script>")
    assert complaints == []


def test_it_collects_what_the_console_calls_an_error(watched: Watched) -> None:
    page, complaints = watched
    show(page, "<script>console.error('spilt milk')</script>")
    assert "spilt milk" in complaints[0]


def test_it_collects_an_exception_in_a_script(watched: Watched) -> None:
    page, complaints = watched
    show(page, "<script>throw new Error('dropped')</script>")
    assert any("dropped" in line for line in complaints)


def test_it_collects_what_the_content_security_policy_blocked(watched: Watched) -> None:
    page, complaints = watched
    show(page, """<meta http-equiv="Content-Security-Policy" content="style-src 'none'"><p style="color: red">Red""")
    assert any("CSP violation: style-src" in line for line in complaints)


def test_it_reaches_no_other_machine(watched: Watched) -> None:
    page, complaints = watched
    show(page, "<img src='http://example.org/picture.png' alt='x'>")
    assert any("ERR_NAME_NOT_RESOLVED" in line for line in complaints)


def test_it_finds_a_contrast_that_is_too_low_in_the_mode_that_has_it(watched: Watched) -> None:
    page, _ = watched
    show(
        page,
        "<style>[data-mode=dark] p { color: #777; background: #666 }</style><main><h1>T</h1><p>Hard to read</main>",
    )
    assert axe_findings(page, "light") == []
    assert "color-contrast" in axe_findings(page, "dark", only=COLOUR_RULES)[0]
