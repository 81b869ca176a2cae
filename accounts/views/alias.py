"""The account alias: a name for the sign-in address in place of the account's number."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.http import ConsoleRequest, signed_in
from accounts.slots import shareable
from iamconsole.operations import door
from iamconsole.operations.errors import AccessDenied, ApiError
from iamconsole.ui.dialogs import Confirm, confirm_page
from iamconsole.ui.forms import describe
from iamconsole.ui.htmx import redirect_with_flash, render_page

HELP = (
    "3 to 63 lower-case letters, digits and hyphens; not at either end a hyphen, never two in a row, "
    "and not twelve digits. The alias must be free in this whole installation."
)


class AliasForm(forms.Form):
    """One field; its rules are AWS's and held by the operation."""

    alias = describe(
        forms.CharField(
            label="Preferred alias",
            help_text=HELP,
            strip=True,
            max_length=63,
            widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}),
        ),
        wide=True,
    )


@require_http_methods(["GET", "POST"])
@signed_in
def alias_edit(request: ConsoleRequest) -> HttpResponse:
    """Create the alias, or put another in its place."""
    form = AliasForm(request.POST or None, initial={"alias": request.account.alias or ""})
    denied = None
    if request.method == "POST" and form.is_valid():
        try:
            door.perform(request.caller, "iam:CreateAccountAlias", {"AccountAlias": form.cleaned_data["alias"]})
        except AccessDenied as refusal:
            denied = refusal
        except ApiError as error:
            form.add_error("alias", error.message)
        else:
            text = f"Alias {form.cleaned_data['alias']} created for this account."
            return redirect_with_flash(request, reverse("dashboard"), "success", text)
    title = "Edit alias for this account" if request.account.alias else "Create alias for this account"
    context = {
        "page_title": title,
        "breadcrumbs": [("IAM", reverse("dashboard")), (title, None)],
        "form": form,
        "denied": denied,
        "cancel_url": reverse("dashboard"),
        "signin_url": shareable(request, "signin-account", "your-alias"),
    }
    status = 422 if request.method == "POST" else 200
    return render_page(request, "accounts/alias.html", context, fragment="accounts/_alias.html", status=status)


@require_http_methods(["GET", "POST"])
@signed_in
def alias_delete(request: ConsoleRequest) -> HttpResponse:
    alias = request.account.alias or ""
    dialog = Confirm(
        title=f"Delete alias {alias}?" if alias else "This account has no alias",
        text="The sign-in URL for IAM users then holds the account ID. Whoever uses the alias has to be told.",
        button="Delete alias",
        cancel_url=reverse("dashboard"),
        breadcrumbs=(("IAM", reverse("dashboard")),),
    )
    if not dialog.confirmed(request):
        return confirm_page(request, dialog)
    try:
        door.perform(request.caller, "iam:DeleteAccountAlias", {"AccountAlias": alias or "none"})
    except ApiError as error:
        return confirm_page(request, dialog, error)
    return redirect_with_flash(request, reverse("dashboard"), "success", f"Alias {alias} deleted.")
