"""Why a call was allowed or refused: the decision as it was kept at that moment, step by step."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.http import ConsoleRequest, signed_in
from iamconsole.events.models import Event
from iamconsole.events.queries import event_of_account, is_own
from iamconsole.operations import door
from iamconsole.operations.errors import AccessDenied
from iamconsole.ui.htmx import render_page
from policies.crumbs import iam_crumb
from policies.explanations import explained
from policies.holders import Holder
from policies.questions import Questions
from policies.views.deciding import shown_statements

ACTION = "iam:GetRequestAuthorizationDetails"
TITLE = "Authorization details"


@require_safe
@signed_in
def authorization_details(request: ConsoleRequest, event_id: UUID) -> HttpResponse:
    event = event_of_account(request.caller.account_id, event_id)
    context: dict[str, object] = {"page_title": TITLE, "breadcrumbs": [iam_crumb(), (TITLE, None)]}
    # Everybody may know why an own call was refused; of others' calls the policies decide.
    if event is None or not is_own(event, request.caller):
        try:
            door.authorize(request.caller, ACTION)
        except AccessDenied as denied:
            page = "policies/authorization_details.html"
            return render_page(request, page, {**context, "denied": denied}, status=403)
    if event is None or event.decision is None:
        raise Http404("There are no authorization details under this ID.")
    found, holder = explained(event.decision), _holder(event.principal_arn)
    context |= {
        "event": event,
        "action": _action(event),
        "resource": _resource(event),
        "found": found,
        "shown": shown_statements(request.caller, found, holder),
        "request_context": sorted(_request_context(event).items()),
        "event_url": reverse("event", args=[event.event_id]),
        "again_url": _again(event, holder),
    }
    return render_page(request, "policies/authorization_details.html", context)


def _holder(arn: str) -> Holder | None:
    """Who the policies of the caller are on."""
    kind, _, rest = arn.rpartition(":")[2].partition("/")
    if kind == "assumed-role":
        return Holder("role", rest.partition("/")[0])
    return Holder(kind, rest.rpartition("/")[2]) if kind in ("user", "role") else None


def _asked(event: Event) -> Mapping[str, object]:
    """The request as it was decided: for PassRole and its like the action is not the call's own."""
    kept = (event.decision or {}).get("request")
    return kept if isinstance(kept, Mapping) else {}


def _action(event: Event) -> str:
    return str(_asked(event).get("action") or f"{event.source.partition('.')[0]}:{event.name}")


def _resource(event: Event) -> str:
    return str(_asked(event).get("resource") or event.resource_name or "*")


def _request_context(event: Event) -> dict[str, str]:
    """The context keys of the request; of allowed calls they are not kept."""
    kept = _asked(event).get("context")
    if not isinstance(kept, Mapping):
        return {}
    return {str(key): value if isinstance(value, str) else ", ".join(value) for key, value in kept.items()}


def _again(event: Event, holder: Holder | None) -> str:
    """The same question to the simulator, to try it with other policies or context."""
    if holder is None or holder.kind != "user":
        return ""
    return Questions(event.principal_arn, (_action(event),), (_resource(event),), run=True).url()
