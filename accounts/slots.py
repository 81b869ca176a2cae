"""Several sessions in one browser: each lives in a slot with its own path, cookie and Django session.

Slot 1 has the plain addresses; slot n has the same ones below `/s/n/` and the cookie `session-n`. The prefix is
Django's SCRIPT_NAME, so that every address a page makes stays in its slot, and drafts, messages and secrets of two
identities never meet.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from http.cookies import Morsel
from importlib import import_module

from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.urls import get_script_prefix, reverse, set_script_prefix

SLOTS = (1, 2, 3, 4, 5)
_KEY = re.compile(r"[a-z0-9]{32}")
_PREFIXED = re.compile(r"/s/(?P<slot>[2-5])(?P<rest>/.*)", re.DOTALL)


def slot_of(request: HttpRequest) -> int:
    return getattr(request, "slot", 1)


def cookie_name(slot: int) -> str:
    return settings.SESSION_COOKIE_NAME if slot == 1 else f"{settings.SESSION_COOKIE_NAME}-{slot}"


def keys_of(request: HttpRequest) -> Mapping[int, str]:
    """The session keys this browser holds, by slot."""
    kept: Mapping[int, str] = getattr(request, "slot_keys", {})
    return kept


def address(slot: int, path: str) -> str:
    """A path of slot 1 as slot `slot` has it."""
    return path if slot == 1 else f"/s/{slot}{path}"


def shareable(request: HttpRequest, name: str, *args: str) -> str:
    """The whole address of a page for somebody else's browser: never with this browser's slot in it."""
    path = reverse(name, args=args)
    found = _PREFIXED.fullmatch(path)
    return request.build_absolute_uri(found["rest"] if found else path)


def slot_prefix(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Take `/s/n` off the path and let every address made while answering begin with it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        found = _PREFIXED.fullmatch(request.path_info)
        if found is None:
            return get_response(request)
        before = get_script_prefix()
        request.slot = int(found["slot"])  # type: ignore[attr-defined]
        request.path_info = request.META["PATH_INFO"] = found["rest"]
        request.META["SCRIPT_NAME"] = f"{before}s/{found['slot']}"
        set_script_prefix(f"{before}s/{found['slot']}/")
        try:
            return get_response(request)
        finally:
            set_script_prefix(before)

    return middleware


class SlotSessions(SessionMiddleware):
    """Django's sessions, with the cookie of the request's slot in the place of the one cookie Django knows."""

    def process_request(self, request: HttpRequest) -> None:
        for name in map(cookie_name, SLOTS):
            # What is no key is not asked of the database either, which may not take it (NUL characters).
            if not _KEY.fullmatch(request.COOKIES.get(name, "")):
                request.COOKIES.pop(name, None)
        keys = {slot: request.COOKIES[name] for slot in SLOTS if (name := cookie_name(slot)) in request.COOKIES}
        request.slot_keys = keys  # type: ignore[attr-defined]
        slot = slot_of(request)
        if slot != 1:
            request.COOKIES.pop(cookie_name(1), None)
            if slot in keys:
                request.COOKIES[cookie_name(1)] = keys[slot]
        super().process_request(request)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        slot, name = slot_of(request), cookie_name(1)
        # A view may have set the cookie of slot 1 itself; what Django sets is this slot's.
        others: Morsel[str] | None = response.cookies.pop(name, None) if slot != 1 else None
        response = super().process_response(request, response)
        if slot != 1 and (own := response.cookies.pop(name, None)) is not None:
            dict.__setitem__(response.cookies, cookie_name(slot), _renamed(own, cookie_name(slot)))
        if others is not None:
            dict.__setitem__(response.cookies, name, others)
        return response


def _renamed(morsel: Morsel[str], name: str) -> Morsel[str]:
    renamed: Morsel[str] = Morsel()
    renamed.set(name, morsel.value, morsel.coded_value)
    renamed.update(morsel)
    return renamed


def set_key(response: HttpResponse, slot: int, key: str) -> None:
    """Give the browser the key of a session in another slot than the request's."""
    response.set_cookie(
        cookie_name(slot),
        key,
        max_age=settings.SESSION_COOKIE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def drop_key(response: HttpResponse, slot: int, key: str) -> None:
    """Take the key of another slot from the browser, and its session out of the world."""
    import_module(settings.SESSION_ENGINE).SessionStore(key).flush()
    response.delete_cookie(cookie_name(slot), samesite="Lax")
