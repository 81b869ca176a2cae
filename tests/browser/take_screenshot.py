"""Take the README's picture: `make screenshots`. No test, so its name keeps it out of the test run."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings
from django.core.management import call_command
from django.urls import reverse
from playwright.sync_api import Page

from accounts.caller import Caller
from identities.models import User
from tests.world import as_user

PICTURE = settings.BASE_DIR / "static" / "img" / "screenshot.png"


@pytest.mark.browser_context_args(viewport={"width": 1440, "height": 860})
def test_it_pictures_the_users_page(page: Page, enter: Callable[[Caller], None]) -> None:
    call_command("demo_data")
    enter(as_user(User.objects.get(name="maria.santos")))
    page.goto(reverse("users"))
    page.wait_for_load_state("networkidle")
    PICTURE.parent.mkdir(exist_ok=True)
    page.screenshot(path=PICTURE)
