"""Several identities in one browser: turned on and off here, added from the menu, each in its own tab."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts import sessions, slots
from accounts.http import ConsoleRequest, signed_in
from accounts.menu import MULTI, signed_in_elsewhere
from accounts.models import ConsoleSession
from accounts.views import cookies
from iamconsole.ui.htmx import hx_redirect, redirect_with_flash, render_page
from iamconsole.ui.nav import url_or_none


@require_http_methods(["GET", "POST"])
@signed_in
def multi_session(request: ConsoleRequest) -> HttpResponse:
    """What it is, who is signed in, and the switch."""
    if request.method != "POST":
        crumbs = [("IAM", url_or_none("dashboard")), ("Multi-session", None)]
        context = {"page_title": "Multi-session", "breadcrumbs": crumbs, "most": len(slots.SLOTS)}
        return render_page(request, "accounts/multi_session.html", context)
    if request.POST.get("multi") == "on":
        response = redirect_with_flash(request, reverse("multi-session"), "success", "Multi-session is on.")
        cookies.keep(response, MULTI, "on")
        return response
    text = "Multi-session is off. The other sessions of this browser have ended."
    response = redirect_with_flash(request, reverse("multi-session"), "success", text)
    end_others(request, response)
    cookies.forget(response, MULTI)
    return response


@require_POST
def signout_all(request: HttpRequest) -> HttpResponse:
    """End every session of this browser."""
    response = hx_redirect(request, reverse("signed-out"))
    end_others(request, response)
    sessions.leave(request)
    return response


def end_others(request: HttpRequest, response: HttpResponse) -> None:
    """End the sessions in the other slots; their keys are worth nothing from here on."""
    here = slots.slot_of(request)
    keys = {slot: key for slot, key in slots.keys_of(request).items() if slot != here}
    rows = [found.row.pk for found in signed_in_elsewhere(request, keys) if found.row]
    ConsoleSession.objects.filter(pk__in=rows).update(ended_at=timezone.now())
    for slot, key in keys.items():
        slots.drop_key(response, slot, key)
