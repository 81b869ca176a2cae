"""The page of samples, and what a browser may decide about its looks: mode, density, navigation, tables."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from iamconsole import cookies
from iamconsole.redirects import is_local
from iamconsole.ui import kit
from iamconsole.ui.context import MODES
from iamconsole.ui.htmx import hx_redirect, render_page
from iamconsole.ui.table_preferences import TABLE_ID, cookie_name, cookie_value

STATES = {"mode": MODES, "density": ("comfortable", "compact"), "nav": ("open", "closed")}


@require_POST
def ui_state(request: HttpRequest) -> HttpResponse:
    """Remember mode, density or the navigation's state; whatever else is sent is ignored."""
    response = _back(request)
    for name, allowed in STATES.items():
        if (value := request.POST.get(name, "")) in allowed:
            cookies.keep(response, name, value)
    return response


@require_POST
def table_preferences(request: HttpRequest) -> HttpResponse:
    """Remember how this browser wants one table."""
    table_id = request.POST.get("table", "")
    if not TABLE_ID.fullmatch(table_id):
        raise Http404
    response = _back(request)
    cookies.keep(response, cookie_name(table_id), cookie_value(request.POST))
    cookies.keep(response, "density", "compact" if request.POST.get("density") == "compact" else "comfortable")
    return response


def ui_kit(request: HttpRequest) -> HttpResponse:
    """One sample of every component; for developers."""
    if not (settings.DEBUG or getattr(settings, "UI_KIT", False)):
        raise Http404
    return render_page(request, "ui/kit.html", kit.samples(request), fragment="ui/_table.html")


def ui_kit_confirm(request: HttpRequest) -> HttpResponse:
    """The sample of a deletion dialog; it deletes nothing."""
    if not (settings.DEBUG or getattr(settings, "UI_KIT", False)):
        raise Http404
    return kit.confirm(request)


def _back(request: HttpRequest) -> HttpResponse:
    target = request.POST.get("next", "")
    return hx_redirect(request, target if is_local(target) else reverse("home"))
