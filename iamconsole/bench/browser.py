"""A browser as small as a measurement allows: cookies, forms, redirects, and an address of its own on the loopback."""

from __future__ import annotations

import http.client
import re
from contextlib import closing
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

from iamconsole.bench.wire_client import HOST

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
FORM = "application/x-www-form-urlencoded"
REDIRECTS = 5


@dataclass(frozen=True)
class Page:
    """What came, and from where."""

    path: str
    status: int
    text: str


class Browser:
    """One person's browser; `address` is where it calls from, 127.0.0.2 for somebody else than 127.0.0.1."""

    def __init__(self, port: int, address: str = HOST) -> None:
        self._cookies: dict[str, str] = {}
        self._port, self._address = port, address

    def get(self, path: str) -> Page:
        return self._follow("GET", path, None)

    def post(self, page: Page, **fields: str) -> Page:
        """Send the form of a page back to where the page is."""
        found = TOKEN.search(page.text)
        token = {"csrfmiddlewaretoken": found.group(1)} if found else {}
        return self._follow("POST", page.path, urlencode({**token, **fields}))

    def _follow(self, method: str, path: str, body: str | None) -> Page:
        for _ in range(REDIRECTS):
            status, target, text = self._send(method, path, body)
            if target is None:
                return Page(path, status, text)
            parts = urlsplit(target)
            method, path, body = "GET", f"{parts.path}?{parts.query}" if parts.query else parts.path, None
        raise RuntimeError(f"{path} leads on and on")

    def _send(self, method: str, path: str, body: str | None) -> tuple[int, str | None, str]:
        """A connection for each request: the server closes idle ones, and a person reads for longer than it waits."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if body is not None:
            headers["Content-Type"] = FORM
        connection = http.client.HTTPConnection(HOST, self._port, timeout=60, source_address=(self._address, 0))
        with closing(connection):
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            for line in response.headers.get_all("Set-Cookie") or []:
                self._cookies |= {name: each.value for name, each in SimpleCookie(line).items()}
            return response.status, response.getheader("Location"), response.read().decode()
