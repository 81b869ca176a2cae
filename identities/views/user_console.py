"""Console access of one user: enabled, reset, disabled."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.http import ConsoleRequest, signed_in
from accounts.views.own import Owner, stay_signed_in
from accounts.views.password import warn_of_common
from iamconsole.operations import door
from iamconsole.operations.errors import AccessDenied, ApiError
from iamconsole.ui.htmx import flash, hx_redirect, redirect_with_flash, render_page
from identities.forms_users import ConsoleAccess
from identities.views import user_password
from identities.views.user_page import ConsolePassword, password_of
from identities.views.user_plan import SELF_SERVICE
from identities.views.users import users_crumbs


@require_http_methods(["GET", "POST"])
@signed_in
def user_console_access(request: ConsoleRequest, name: str) -> HttpResponse:
    """One form for the three; which are offered depends on whether there is a password, if that may be known."""
    door.ask(request.caller, "iam:GetUser", {"UserName": name})  # a name nobody has is a page not found
    password = password_of(request, name)
    data = request.POST if request.method == "POST" else None
    form = ConsoleAccess(data, account=request.account, actions=_actions(password))
    if not form.is_valid():
        return _page(request, name, form, password.denied, 422 if form.is_bound else 200)
    try:
        return _disable(request, name) if form.cleaned_data["action"] == "disable" else _set(request, name, form)
    except AccessDenied as denied:
        return _page(request, name, form, denied, 422)
    except ApiError as error:
        form.add_error(None, error.message)
        return _page(request, name, form, None, 422)


def _actions(password: ConsolePassword) -> tuple[str, ...]:
    if password.denied:
        return ("enable", "reset", "disable")
    return ("reset", "disable") if password.created else ("enable",)


def _disable(request: ConsoleRequest, name: str) -> HttpResponse:
    door.perform(request.caller, "iam:DeleteLoginProfile", {"UserName": name})
    stay_signed_in(request, Owner(request.caller, name))
    back = reverse("user-credentials", args=[name])
    return redirect_with_flash(request, back, "success", f"Console access of {name} disabled.")


def _set(request: ConsoleRequest, name: str, form: ConsoleAccess) -> HttpResponse:
    secret, reset = form.chosen_password(), form.cleaned_data["reset"]
    enable = form.cleaned_data["action"] == "enable"
    door.perform(
        request.caller,
        "iam:CreateLoginProfile" if enable else "iam:UpdateLoginProfile",
        {"UserName": name, "Password": secret.reveal(), "PasswordResetRequired": reset},
    )
    stay_signed_in(request, Owner(request.caller, name))
    user_password.keep(request, name, secret)
    flash(request, "success", "Console access enabled." if enable else "Password updated.")
    warn_of_common(request, secret)
    if reset:
        _let_change_password(request, name)
    return hx_redirect(request, reverse("user-password", args=[name]))


def _let_change_password(request: ConsoleRequest, name: str) -> None:
    """Who must choose a new password has to be allowed to. The password stands even if this fails."""
    try:
        given = {"UserName": name, "PolicyArn": SELF_SERVICE}
        door.perform(request.caller, "iam:AttachUserPolicy", given)
    except ApiError as error:
        flash(request, "warning", "IAMUserChangePassword was not attached", detail=error.message)


def _page(
    request: ConsoleRequest, name: str, form: ConsoleAccess, denied: AccessDenied | None, status: int
) -> HttpResponse:
    back = reverse("user-credentials", args=[name])
    enable = form.fields["action"].initial == "enable"
    title = "Enable console access" if enable else "Manage console access"
    context = {
        "page_title": title,
        "description": f"The console password lets {name} sign in to the console of this account.",
        "form": form,
        "denied": denied,
        "cancel_url": back,
        "submit_text": title if enable else "Save changes",
        "breadcrumbs": users_crumbs((name, back), (title, None)),
    }
    return render_page(request, "identities/user_console_access.html", context, status=status)
