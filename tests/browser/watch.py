"""What a browser complains about, collected: console errors, script errors, content security policy violations."""

from __future__ import annotations

from axe_playwright_python.base import AXE_SCRIPT
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


# Only what is wrong comes back: all that axe looked at is ten times the page.
RUN_AXE = """async ([mode, options]) => {
  const root = document.documentElement, before = root.dataset.mode;
  root.dataset.mode = mode;
  try {
    const { violations } = await axe.run(options);
    return violations.flatMap(({ id, impact, nodes }) => nodes.map((node) =>
      `${mode}: ${id} (${impact}): ${node.html.slice(0, 200)} ${node.failureSummary}`));
  } finally {
    root.dataset.mode = before || "system";
  }
}"""


def axe_findings(page: Page, mode: str, only: tuple[str, ...] = ()) -> list[str]:
    """axe's findings with the page in light or dark mode, one line a place; the page is left in the mode it had."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE_SCRIPT)
    options: dict[str, object] = {"resultTypes": ["violations"], **({"runOnly": [*only]} if only else {})}
    findings: list[str] = page.evaluate(RUN_AXE, [mode, options])
    return findings
