"""Root edits the account's name and its own e-mail address."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.forms_root import RootAccount
from accounts.http import ConsoleRequest, signed_in
from accounts.root_email import change_root_email
from accounts.views.own import crumbs
from accounts.views.password import shown
from iamconsole.operations.door import perform
from iamconsole.operations.errors import ApiError
from iamconsole.ui.htmx import redirect_with_flash

TITLE = "Edit account name, email, and password"


@require_http_methods(["GET", "POST"])
@signed_in
def root_account(request: ConsoleRequest) -> HttpResponse:
    """For root alone; others have neither."""
    back = reverse("security-credentials")
    if not request.caller.is_root:
        return HttpResponseRedirect(back)
    form = RootAccount(request.account, request.POST if request.method == "POST" else None)
    context: dict[str, object] = {
        "form": form,
        "page_title": TITLE,
        "breadcrumbs": crumbs(TITLE),
        "cancel_url": back,
    }
    if form.is_valid():
        try:
            _save(request, form)
        except ApiError as error:
            return render(request, "accounts/root_account.html", context | shown(error), status=422)
        return redirect_with_flash(request, back, "success", "Account updated.")
    return render(request, "accounts/root_account.html", context, status=422 if form.is_bound else 200)


def _save(request: ConsoleRequest, form: RootAccount) -> None:
    if form.new_email:
        data = form.cleaned_data
        change_root_email(request.caller, data["password"], str(data["email"]), timezone.now())
    if form.cleaned_data["name"] != request.account.name:
        perform(request.caller, "account:PutAccountName", {"AccountName": form.cleaned_data["name"]})
