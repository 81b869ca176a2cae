"""Find or install a Chromium for the browser tests: `python -m iamconsole.setup.browser`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def main() -> None:
    """Leave quietly when there is a browser; else install one, or say how to."""
    if own_chromium() or chromium_on_path():
        return
    print("Installing a browser for the tests…", flush=True)
    if not (apt_install("chromium") or playwright_install()):
        sys.exit(
            "The browser tests need Chromium: install it with your system's package manager, "
            "or run `.venv/bin/playwright install chromium`, then run the tests again."
        )


def chromium_on_path() -> Path | None:
    """The system's Chromium or Chrome."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    return Path(found) if found else None


def own_chromium() -> bool:
    """True when Playwright has already brought the browser that belongs to its version."""
    from playwright.sync_api import sync_playwright  # only there in a development environment

    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path).exists()


def apt_install(package: str) -> bool:
    """Install a Debian package; False when this is no Debian, or not root, or it did not work."""
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return False
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", package]):
        if subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False
        ).returncode:
            return False
    return True


def playwright_install() -> bool:
    """Playwright's own build, for a person without root."""
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    installed = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False)
    return installed.returncode == 0


if __name__ == "__main__":
    main()
