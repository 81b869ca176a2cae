"""AWS's protocol straight from the web server: what Django lays around a request takes half as long as answering it.

`iamconsole.api.middleware` gives the same answers to requests that come through Django (ASGI, tests).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import close_old_connections

from iamconsole import proxies
from iamconsole.api.views import Came, Reply, failure, incomplete, is_for_the_endpoint, reply, too_large
from iamconsole.operations.errors import ApiError

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]
log = logging.getLogger("django.request")


def aws_first(console: Application) -> Application:
    """Calls of AWS clients are answered here, everything else by the console."""

    def application(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        path = _path(environ)
        if not is_for_the_endpoint(environ, path):
            return console(environ, start_response)
        replied = _answer(environ, path)
        body = replied.text.encode()
        headers = [*replied.headers.items(), ("Content-Length", str(len(body)))]
        start_response(f"{replied.status} {HTTPStatus(replied.status).phrase}", headers)
        return [] if environ.get("REQUEST_METHOD") == "HEAD" else [body]

    return application


def _answer(environ: Environ, path: str) -> Reply:
    # What Django does before each request: a database connection that broke in an earlier one is opened anew.
    close_old_connections()
    try:
        proxies.believe(environ, tuple(settings.TRUSTED_PROXIES))
        scheme = environ.get(proxies.SCHEME) or environ.get("wsgi.url_scheme")
        return reply(Came(environ, path, scheme == "https", lambda: _body(environ)))
    except Exception:
        log.exception("Internal Server Error: %s", path)
        return failure("iam", ApiError("The request processing has failed because of an unknown error."), str(uuid4()))


def _path(environ: Environ) -> str:
    path = str(environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", ""))
    # WSGI carries bytes as Latin-1.
    return path if path.isascii() else path.encode("latin-1").decode(errors="replace")


def _body(environ: Environ) -> bytes:
    """The body, if it is not too large: as many bytes as are announced, or what comes in chunks."""
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    announced = environ.get("CONTENT_LENGTH") or "0"
    length = int(announced) if announced.isascii() and announced.isdigit() else 0
    if length > most:
        raise too_large()
    if "HTTP_TRANSFER_ENCODING" in environ:
        return _chunks(environ, most)
    return _read(environ, length) if length else b""


def _chunks(environ: Environ, most: int) -> bytes:
    """A body without an announced length; only servers that take it apart themselves say where it ends."""
    body = _read(environ, most + 1) if environ.get("wsgi.input_terminated") else b""
    if len(body) > most:
        raise too_large()
    return body


def _read(environ: Environ, length: int) -> bytes:
    try:
        body: bytes = environ["wsgi.input"].read(length)
    except Exception as error:  # Each server has exceptions of its own for a client that breaks off.
        raise incomplete() from error
    return body
