"""Cookies that pages keep in a browser: for the server alone, and behind HTTPS bound to this very host (`__Host-`)."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse

YEAR = timedelta(days=365)


def read(request: HttpRequest, name: str) -> str:
    """What is kept under `name`; empty where nothing is."""
    return request.COOKIES.get(settings.COOKIE_PREFIX + name, "")


def keep(response: HttpResponse, name: str, value: str, age: timedelta = YEAR) -> None:
    """Set a cookie that no script reads and no other site sends along."""
    response.set_cookie(
        settings.COOKIE_PREFIX + name, value, max_age=age, httponly=True, samesite="Lax", secure=settings.HTTPS
    )


def forget(response: HttpResponse, name: str) -> None:
    response.delete_cookie(settings.COOKIE_PREFIX + name, samesite="Lax")
