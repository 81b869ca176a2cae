from __future__ import annotations

from playwright.sync_api import Page


def test_it_serves_pages_with_a_policy_that_allows_no_inline_code(page: Page) -> None:
    response = page.goto("/static/console.js")
    assert response is not None
    assert response.status == 200
