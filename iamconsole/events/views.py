"""Event history: the list, one event, and downloads. Who may read it is the policies' say: cloudtrail:LookupEvents."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import ConsoleRequest, signed_in
from iamconsole.events.downloads import csv_lines, json_lines
from iamconsole.events.models import Event
from iamconsole.events.queries import ATTRIBUTES, event_of_account, find_events, read_filter
from iamconsole.events.tables import bind_events
from iamconsole.operations import door
from iamconsole.operations.errors import AccessDenied
from iamconsole.ui.htmx import render_page
from iamconsole.ui.nav import url_or_none

ACTION = "cloudtrail:LookupEvents"
Crumbs = list[tuple[str, str | None]]


@require_safe
@signed_in
def events(request: ConsoleRequest) -> HttpResponse:
    context: dict[str, object] = {
        "page_title": "Event history",
        "breadcrumbs": _crumbs(),
        "description": "Every call that was made in this account, whether it was allowed, refused or failed.",
        "info": "event-history",
        "attributes": ATTRIBUTES.items(),
    }
    try:
        door.authorize(request.caller, ACTION)
    except AccessDenied as denied:
        return render_page(request, "events/events.html", {**context, "denied": denied}, status=403)
    wanted = read_filter(request.GET)
    table = bind_events(request, find_events(request.caller.account_id, wanted, timezone.now()))
    query = request.GET.urlencode()
    context |= {"wanted": wanted, "table": table, "query": f"?{query}" if query else ""}
    return render_page(request, "events/events.html", context, fragment="ui/_table.html")


@require_safe
@signed_in
def download(request: ConsoleRequest, form: str) -> HttpResponse:
    """The filtered events as a file; `form` is csv or json."""
    door.authorize(request.caller, ACTION)
    found = find_events(request.caller.account_id, read_filter(request.GET), timezone.now())
    lines: Iterator[str] = csv_lines(found) if form == "csv" else json_lines(found)
    response = HttpResponse(lines, content_type="text/csv; charset=utf-8" if form == "csv" else "application/json")
    response["Content-Disposition"] = f'attachment; filename="event_history.{form}"'
    return response


@require_safe
@signed_in
def event(request: ConsoleRequest, event_id: UUID) -> HttpResponse:
    found = event_of_account(request.caller.account_id, event_id)
    title = found.name if found else "Event"
    context: dict[str, object] = {"page_title": title, "breadcrumbs": _crumbs(title)}
    try:
        door.authorize(request.caller, ACTION)
    except AccessDenied as denied:
        context = {"page_title": "Event", "breadcrumbs": _crumbs("Event"), "denied": denied}
        return render_page(request, "events/event.html", context, status=403)
    if found is None:
        raise Http404("There is no such event.")
    why = reverse("authorization-details", args=[found.event_id]) if found.decision else ""
    context |= {"event": found, "why_url": why, "resources": _resources(found)}
    return render_page(request, "events/event.html", context)


def _resources(found: Event) -> list[tuple[str, str, str]]:
    """(Type, name, page) of what the event was about."""
    if not found.resource_name:
        return []
    pages = {"AWS::IAM::User": "user", "AWS::IAM::Group": "group", "AWS::IAM::Role": "role"}
    page = url_or_none(pages.get(found.resource_type, ""), found.resource_name)
    return [(found.resource_type, found.resource_name, page or "")]


def _crumbs(title: str = "") -> Crumbs:
    above: Crumbs = [("CloudTrail", reverse("events"))]
    return [*above, ("Event history", reverse("events")), (title, None)] if title else [*above, ("Event history", None)]
