"""A browser that tells on the page: a console error, a script error or a CSP violation fails the test."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import BrowserContext, BrowserType, Page
from pytest_django.live_server_helper import LiveServer

from accounts.caller import Caller
from iamconsole.setup.browser import chromium_on_path
from tests.browser.watch import COLOUR_RULES, axe_findings, watch
from tests.pages import session_key

# Playwright's synchronous API keeps an event loop in this thread; Django would refuse the database because of it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # No name resolves but this machine's: a page that asks elsewhere fails, and says so in the console.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]


@pytest.fixture(scope="session")
def base_url() -> None:
    """The live server's address is known only inside a test; pytest-playwright's own fixture warns with pytest 9."""


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, object], browser_type: BrowserType
) -> dict[str, object]:
    """Playwright's own Chromium when it is installed, else the one on the PATH."""
    own = Path(browser_type.executable_path)
    executable = own if own.exists() else chromium_on_path()
    assert executable, "no Chromium found: run `make test` once, it installs one or says how to"
    return {"headless": True, **browser_type_launch_args, "args": FLAGS, "executable_path": str(executable)}


@pytest.fixture
def context(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, request: pytest.FixtureRequest
) -> Iterator[BrowserContext]:
    """A context at the live server whose every page is watched; its complaints fail the test at the end."""
    context = new_context(base_url=live_server.url, reduced_motion="reduce")
    complaints = watch(context)
    yield context
    allowed = [str(mark.args[0]) for mark in request.node.iter_markers("console_allowed")]
    left = [line for line in complaints if not any(re.search(pattern, line) for pattern in allowed)]
    assert not left, "the browser complained:\n" + "\n".join(left)


@pytest.fixture
def enter(context: BrowserContext, live_server: LiveServer) -> Callable[[Caller], None]:
    """Call it with one of the cast: the browser is signed in as them, without the sign-in pages."""

    def sign_in(caller: Caller) -> None:
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session_key(caller), "url": live_server.url}
        context.add_cookies([cookie])

    return sign_in


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """Call it on a page: it fails on any accessibility finding of axe, in light and in dark mode."""

    def check(page: Page) -> None:
        # The modes differ in colours and in nothing else: what else axe looks for, it has seen the first time.
        findings = axe_findings(page, "light") + axe_findings(page, "dark", only=COLOUR_RULES)
        assert not findings, f"axe found at {page.url}:\n" + "\n".join(findings)

    return check
