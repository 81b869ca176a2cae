"""What every page carries (headers), and what an error of AWS's becomes where no form or panel shows it."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from iamconsole.operations.errors import AccessDenied, ApiError, ValidationError

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


def security_headers(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Add the content security policy, a request id and, on pages, `no-store`: nothing signed-in is kept."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.request_id = str(uuid.uuid4())  # type: ignore[attr-defined]
        response = get_response(request)
        response.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        response.setdefault("X-Request-Id", request.request_id)  # type: ignore[attr-defined]
        response.setdefault("Cache-Control", "no-store")
        return response

    return middleware


class ErrorPages:
    """An ApiError that a view lets through becomes a page: 404 for what is not there, 403 with the reason, 400."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        patch_vary_headers(response, ["HX-Request"])
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, DataError):
            # A NUL character, mostly: it cannot be typed, SQLite finds nothing by it, PostgreSQL will not look.
            error = ValidationError("The request contains a value that cannot be stored.")
        if not isinstance(error, ApiError):
            return None
        status = error.status if error.status < 500 else 503
        template = {403: "403.html", 404: "404.html"}.get(status, "400.html")
        denied = error if isinstance(error, AccessDenied) else None
        return render(request, template, {"error": error, "denied": denied}, status=status)
