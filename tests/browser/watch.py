"""What a browser complains about, collected: console errors, script errors, content security policy violations."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, WebError

# axe's rules about what differs between light and dark: the colours.
COLOUR_RULES = ("color-contrast", "link-in-text-block")
REPORT_CSP = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP violation: ${event.violatedDirective} blocked ${event.blockedURI || event.sample}`));
"""


def watch(context: BrowserContext) -> list[str]:
    """A list that fills with the complaints of every page of the context."""
    complaints: list[str] = []

    def console(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(f"{message.text} ({message.location['url']})")

    def script_error(error: WebError) -> None:
        complaints.append(f"script error: {error.error}")

    context.add_init_script(REPORT_CSP)
    context.on("console", console)
    context.on("weberror", script_error)
    return complaints


def axe_findings(page: Page, mode: str, only: tuple[str, ...] = ()) -> list[str]:
    """axe's findings with the page in light or dark mode, one line a place; the page is left in the mode it had."""
    options: dict[str, object] = {"resultTypes": ["violations"], **({"runOnly": [*only]} if only else {})}
    before = page.evaluate("document.documentElement.getAttribute('data-mode')")
    page.evaluate("mode => document.documentElement.setAttribute('data-mode', mode)", mode)
    violations = Axe().run(page, options=options).response["violations"]
    page.evaluate("mode => document.documentElement.setAttribute('data-mode', mode || 'system')", before)
    return [
        f"{mode}: {violation['id']} ({violation['impact']}): {node['html'][:200]} {node['failureSummary']}"
        for violation in violations
        for node in violation["nodes"]
    ]
