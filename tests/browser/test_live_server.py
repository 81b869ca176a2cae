from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page


@pytest.mark.console_allowed("404")
def test_it_answers_an_unknown_address_with_a_page_that_everybody_can_read(
    page: Page, axe: Callable[[Page], None]
) -> None:
    response = page.goto("/no-such-page")
    assert response is not None
    assert response.status == 404
    axe(page)
