"""The forms of what only root has: recovery of its password, and its name and address."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.http import QueryDict

from accounts.forms import PasswordField, show_checks
from accounts.models import Account
from iamconsole.ui.forms import describe


class ForgottenPassword(forms.Form):
    """Whose password was forgotten."""

    email = forms.EmailField(
        label="Root user email address",
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "username", "spellcheck": "false"}),
    )


class RecoveredPassword(forms.Form):
    """Twice the new password."""

    new = PasswordField("New password", new=True)
    again = PasswordField("Confirm new password", new=True)

    def __init__(self, checks: Sequence[object], data: QueryDict | None = None) -> None:
        super().__init__(data)
        show_checks(self, "new", checks)

    def clean(self) -> dict[str, object]:
        new, again = self.cleaned_data.get("new"), self.cleaned_data.get("again")
        if new is not None and again is not None and new.reveal() != again.reveal():
            self.add_error("again", "The passwords do not match.")
        return self.cleaned_data


class RootAccount(forms.Form):
    """The account's name, root's address, and the password that a new address takes."""

    name = forms.CharField(label="Account name", max_length=50, help_text="1 to 50 characters")
    email = forms.CharField(
        label="Root user email address",
        max_length=254,
        help_text="The root user signs in with it, and the link of a forgotten password goes there.",
        widget=forms.EmailInput({"spellcheck": "false", "autocomplete": "email"}),
    )
    password = describe(PasswordField("Current password", help_text="Only for a new email address."), optional=False)

    def __init__(self, account: Account, data: QueryDict | None = None) -> None:
        super().__init__(data, initial={"name": account.name, "email": account.root_email})
        self.account = account
        self.fields["password"].required = False

    @property
    def new_email(self) -> bool:
        return str(self.cleaned_data["email"]) != self.account.root_email

    def clean(self) -> dict[str, object]:
        data = self.cleaned_data
        if "email" in data and self.new_email and not data["password"].reveal():
            self.add_error("password", "Enter your password to change the email address.")
        return data
