"""Let a user who is slowed down by failed sign-ins try again at once."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from accounts.http import ConsoleRequest, signed_in
from accounts.views.own import Owner
from iamconsole.operations.door import perform
from iamconsole.operations.errors import ApiError
from iamconsole.ui.dialogs import Confirm, confirm_page
from iamconsole.ui.htmx import redirect_with_flash


@require_http_methods(["GET", "POST"])
@signed_in
def unlock(request: ConsoleRequest, user_name: str) -> HttpResponse:
    """Ask, and forget the failures."""
    owner = Owner(request.caller, user_name)
    dialog = Confirm(
        title=f"Unlock {user_name}?",
        text=f"{user_name} can try to sign in again at once: the failed tries so far are forgotten.",
        warning="If somebody else is guessing this user's password, the guessing starts anew as well.",
        button="Unlock",
        cancel_url=owner.back,
        breadcrumbs=tuple(owner.crumbs("Unlock")[:-1]),
    )
    if not dialog.confirmed(request):
        return confirm_page(request, dialog)
    try:
        perform(request.caller, "iamconsole:UnlockUser", {"UserName": user_name})
    except ApiError as error:
        return confirm_page(request, dialog, error)
    return redirect_with_flash(request, owner.back, "success", f"{user_name} can try to sign in again.")
