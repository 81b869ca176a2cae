"""A crawl of every page in a real browser: no complaint, no policy violation, accessible, fit for a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from accounts.caller import Caller
from tests.every_page import addresses, furnish
from tests.world import World

# Crawled in parts, so that they can run side by side.
PARTS = 6
# Downloads and answers to programs are no pages; the kit is the developers', the mailbox a demo's; these end what the
# crawl needs.
PROGRAMS = {"session-status", "token-discovery", "token-keys"}
LEFT_OUT = {"events-download", "ui-kit", "ui-kit-delete", "mailbox", "signout", "user-create-result", *PROGRAMS}


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_is_clean_accessible_and_fits_a_phone(
    page: Page, world: World, enter: Callable[[Caller], None], axe: Callable[[Page], None], part: int
) -> None:
    made = furnish(world)
    enter(world.alice)
    pages = [address for name, address in addresses(made) if name not in LEFT_OUT]
    for address in pages[part::PARTS]:
        page.set_viewport_size({"width": 1440, "height": 900})
        if page.request.get(address).status == 405:
            continue  # there for posts alone
        page.goto(address)
        axe(page)
        assert page.locator("h1").count() == 1, address
        page.set_viewport_size({"width": 390, "height": 844})
        assert overflow(page) <= 0, f"{address} scrolls sideways on a phone"


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
