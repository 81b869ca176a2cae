"""Answering a page and its fragments from one view, and saying afterwards what was done."""

from __future__ import annotations

import json
from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect

LEVELS = {"success": messages.SUCCESS, "error": messages.ERROR, "warning": messages.WARNING, "info": messages.INFO}


def wants_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of the page (a boosted link or a restored history entry wants all of it)."""
    details = getattr(request, "htmx", None)
    return details is not None and bool(details) and not details.boosted and not details.history_restore_request


def render_page(
    request: HttpRequest, template: str, context: Mapping[str, object], fragment: str | None = None, status: int = 200
) -> HttpResponse:
    """The whole page, or only `fragment` when htmx asks; messages waiting are added to a fragment out of band."""
    if fragment and wants_fragment(request):
        html = render_to_string(fragment, dict(context), request)
        html += render_to_string("ui/_flash_oob.html", {}, request)
    else:
        html = render_to_string(template, dict(context), request)
    response = HttpResponse(html, status=status)
    patch_vary_headers(response, ("HX-Request",))
    return response


def flash(request: HttpRequest, kind: str, text: str, detail: str = "", link: tuple[str, str] | None = None) -> None:
    """Queue a message for the top of the next page; `link` is (label, url) and becomes a button in it."""
    messages.add_message(request, LEVELS[kind], text, extra_tags=json.dumps({"detail": detail, "link": link}))


def hx_redirect(request: HttpRequest, url: str) -> HttpResponse:
    """Send the browser on: 303, or the HX-Redirect header when htmx asked (it would swap the page it is sent to)."""
    if getattr(request, "htmx", None):
        return HttpResponseClientRedirect(url)
    response = HttpResponseRedirect(url)
    response.status_code = 303
    return response


def redirect_with_flash(
    request: HttpRequest, url: str, kind: str, text: str, link: tuple[str, str] | None = None, detail: str = ""
) -> HttpResponse:
    """Go to `url` and say there what happened."""
    flash(request, kind, text, detail, link)
    return hx_redirect(request, url)
