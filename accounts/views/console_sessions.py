"""Console sessions as a page lists and ends them: somebody's own, or a user's for who administers it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts import session_list, sessions
from accounts.http import ConsoleRequest, signed_in
from accounts.menu import Menu
from accounts.session_list import ShownSession, open_sessions
from accounts.sessions import SignedIn
from iamconsole.operations import door
from iamconsole.ui.htmx import hx_redirect, redirect_with_flash
from identities.models import User
from identities.queries import find_user
from identities.targets import named_target

# AWS has no action for ending a console session from outside. Who may set a user's console password can end its
# sessions by doing so; the same permission is asked for here.
MAY_END = "iam:UpdateLoginProfile"
OTHERS = "others"


def own_sessions(request: ConsoleRequest) -> list[ShownSession]:
    """The sessions of whoever signed in, also while a role acts."""
    found: SignedIn = request.signed_in
    assert found.person_account is not None
    return open_sessions(found.person_account, _own_user(found), found.row)


@require_POST
@signed_in
def end(request: ConsoleRequest, user_name: str = "") -> HttpResponse:
    """End one session (`session`), or all but this one (`session=others`)."""
    return _end_of_user(request, user_name) if user_name else _end_own(request)


def _end_own(request: ConsoleRequest) -> HttpResponse:
    """Everybody may end what they began themselves, whatever their policies say."""
    found: SignedIn = request.signed_in
    assert found.row is not None
    chosen = _chosen(request, own_sessions(request))
    person = found.person
    user_id = "" if person.is_root else person.principal_id
    ended = session_list.end(person, person.account_id, user_id, chosen, timezone.now(), person.name or "root")
    if found.row.pk in chosen:
        sessions.leave(request)
        return hx_redirect(request, reverse("signed-out"))
    return redirect_with_flash(request, f"{reverse('security-credentials')}#sessions", "success", _told(ended))


def _end_of_user(request: ConsoleRequest, name: str) -> HttpResponse:
    caller, here = request.caller, request.signed_in.row
    target = named_target(User, caller.account_id, name)
    if not door.decide(caller, MAY_END, target).allowed:
        door.authorize(caller, MAY_END, target)  # refuses, and is recorded
    user = find_user(caller.account_id, name)
    chosen = _chosen(request, open_sessions(request.account, user, here))
    ended = session_list.end(caller, user.account_id, user.pk, chosen, timezone.now(), user.name)
    if here is not None and here.pk in chosen:
        sessions.leave(request)
        return hx_redirect(request, reverse("signed-out"))
    return redirect_with_flash(
        request, f"{reverse('user-credentials', args=[user.name])}#sessions", "success", _told(ended)
    )


def _chosen(request: HttpRequest, listed: list[ShownSession]) -> list[str]:
    wanted = request.POST.get("session", "")
    return [each.id for each in listed if (not each.current if wanted == OTHERS else each.id == wanted)]


def _told(ended: int) -> str:
    return {0: "That session had ended already.", 1: "Session ended."}.get(ended, f"{ended} sessions ended.")


def _own_user(found: SignedIn) -> User | None:
    if found.person.is_root:
        return None
    own: User = User.objects.of(found.person.account_id).get(pk=found.person.principal_id)
    return own


@require_http_methods(["GET", "POST"])
def status(request: HttpRequest) -> HttpResponse:
    """How many seconds this session still holds, for the page's warning; posted to, it counts as a sign of life."""
    menu = Menu(request)
    return JsonResponse({"seconds": menu.seconds}) if menu.seconds else HttpResponse(status=204)
