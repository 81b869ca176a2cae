"""The kit in a browser: nothing to complain about for axe or the content security policy, and it moves as it should."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.fixtures import Settings

from tests.world import World


@pytest.fixture
def kit(settings: Settings, context: BrowserContext, world: World, enter: Callable[..., None]) -> Page:
    settings.UI_KIT = True
    enter(world.alice)
    page = context.new_page()
    page.goto("/ui-kit/")
    return page


def test_it_satisfies_axe_with_every_component(kit: Page, axe: Callable[[Page], None]) -> None:
    expect(kit.locator(".editor.is-live")).to_be_visible()
    axe(kit)


def test_it_fits_a_telephone(kit: Page, axe: Callable[[Page], None]) -> None:
    kit.set_viewport_size({"width": 390, "height": 844})
    assert kit.evaluate("document.documentElement.scrollWidth <= innerWidth")
    axe(kit)


def test_it_filters_while_the_caret_stays(kit: Page) -> None:
    search = kit.locator("#kit-users-q")
    search.press_sequentially("bob")
    expect(kit.locator("#kit-users-matches")).to_have_text("1 match")
    expect(kit.locator("#kit-users tbody tr")).to_have_count(1)
    expect(search).to_be_focused()
    assert "q=bob" in kit.url


def test_it_keeps_selected_rows_over_pages(kit: Page) -> None:
    delete = kit.locator("button[data-needs=some]")
    expect(delete).to_be_disabled()
    kit.get_by_label("Select bob").check()
    expect(delete).to_be_enabled()
    kit.locator("#kit-users-page-2").click()
    expect(kit.locator("#kit-users-page-2")).to_have_attribute("aria-current", "page")
    expect(kit.locator("#kit-users-counter")).to_have_text("(1/13)")
    kit.locator("#kit-users-page-1").click()
    expect(kit.get_by_label("Select bob")).to_be_checked()


def test_it_deletes_only_after_the_word_was_typed(kit: Page, axe: Callable[[Page], None]) -> None:
    kit.locator("#kit-delete").click()
    submit = kit.locator("#modal button[type=submit]")
    expect(submit).to_be_disabled()
    axe(kit)
    expect(kit.locator("#id_confirm")).to_be_focused()
    kit.locator("#id_confirm").fill("bob")
    submit.click()
    expect(kit.locator("#flash")).to_contain_text("User bob deleted.")


def test_it_gives_the_focus_back_when_the_dialog_closes(kit: Page) -> None:
    kit.locator("#kit-delete").click()
    expect(kit.locator("#id_confirm")).to_be_focused()
    kit.keyboard.press("Escape")
    expect(kit.locator("#modal")).not_to_be_visible()
    expect(kit.locator("#kit-delete")).to_be_focused()


def test_it_shows_the_table_as_preferred(kit: Page) -> None:
    kit.locator("#kit-users-gear").click()
    kit.get_by_label("50 users").check()
    kit.get_by_label("ARN", exact=True).check()
    kit.get_by_role("button", name="Confirm").click()
    expect(kit.locator("#kit-users tbody tr")).to_have_count(13)
    expect(kit.locator("#kit-users th.column-arn")).to_be_visible()


def test_it_lets_the_keyboard_out_of_the_editor(kit: Page) -> None:
    kit.locator(".ace_text-input").focus()
    kit.keyboard.press("Control+a")
    kit.keyboard.type("[]")
    expect(kit.locator("#id_document")).to_have_value("[]")
    kit.keyboard.press("Escape")
    expect(kit.locator(".editor-status")).to_be_focused()


def test_it_turns_dark_and_stays_so(kit: Page) -> None:
    kit.locator(".topbar summary", has=kit.get_by_label("Settings")).click()
    kit.get_by_role("button", name="Dark").click()
    expect(kit.locator("html")).to_have_attribute("data-mode", "dark")
    expect(kit.locator("body")).to_have_css("background-color", "rgb(19, 25, 32)")


def test_it_adds_a_tag_without_leaving_the_page(kit: Page) -> None:
    kit.locator("#tag-add").click()
    expect(kit.locator(".tags-row")).to_have_count(3)
    expect(kit.locator("#tag-key-2")).to_be_focused()
