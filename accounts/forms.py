"""The forms of signing in and of credentials. They hold the questions; the limits of AWS's inputs are the door's."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.http import QueryDict

from iamconsole.operations.secrets import Secret
from iamconsole.ui.forms import Choices, describe


class PasswordField(forms.CharField):
    """A password: never stripped, never drawn back into the page, a Secret once cleaned."""

    def __init__(self, label: str, *, new: bool = False, help_text: str = "") -> None:
        attrs = {"autocomplete": "new-password" if new else "current-password", "spellcheck": "false"}
        super().__init__(label=label, strip=False, help_text=help_text, widget=forms.PasswordInput(attrs))

    def clean(self, value: object) -> Secret:
        return Secret(super().clean(value))


def show_checks(form: forms.Form, name: str, checks: Sequence[object]) -> None:
    """Draw rules under a field for a new password (identities.password_checklist), ticked while it is typed."""
    field = form.fields[name]
    field.checks = checks  # type: ignore[attr-defined]
    field.widget.attrs["aria-describedby"] = f"id_{name}_rules"


class UserSignIn(forms.Form):
    """Account, IAM user and password; `account` is locked where the address names it."""

    account = forms.CharField(
        label="Account ID or alias",
        max_length=100,
        widget=forms.TextInput({"autocomplete": "organization", "autocapitalize": "none", "spellcheck": "false"}),
    )
    remember = describe(forms.BooleanField(label="Remember this account", required=False), optional=False)
    user_name = forms.CharField(
        label="IAM username",
        max_length=200,
        widget=forms.TextInput({"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = PasswordField("Password")


class RootEmail(forms.Form):
    """The first step of root: who."""

    email = forms.CharField(
        label="Root user email address",
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "username", "spellcheck": "false"}),
    )


class RootSignIn(forms.Form):
    """The second step of root: the password; the address travels along."""

    email = forms.CharField(max_length=254, widget=forms.HiddenInput)
    password = PasswordField("Password")


class NewPassword(forms.Form):
    """The old password and twice the new one."""

    old = PasswordField("Current password")
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


class RequiredPassword(NewPassword):
    """The same, in the words of the page that a user meets at sign-in."""

    old = PasswordField("Old password")
    again = PasswordField("Retype new password", new=True)

    field_order = ("old", "new", "again")


USE_CASES = {
    "cli": ("Command Line Interface (CLI)", "To use the command line interface against this account."),
    "local": ("Local code", "To use code on your own computer against this account."),
    "compute": ("Application running on an AWS compute service", "To let code on a compute service reach it."),
    "third-party": ("Third-party service", "To let a service of another party watch or manage resources."),
    "outside": ("Application running outside AWS", "To let a workload in your own data centre reach this account."),
    "other": ("Other", "Your use case is not listed here."),
}
UNDERSTOOD = "I understand the above recommendation and want to proceed to create an access key."
ROOT_UNDERSTOOD = "I understand creating a root access key is not a best practice, but I still want to create one."


class UseCase(forms.Form):
    """What a key is for; another way is recommended for everything but "other", which has to be acknowledged."""

    use_case = forms.ChoiceField(
        label="Use case",
        choices=[(key, label) for key, (label, _) in USE_CASES.items()],
        widget=Choices({key: text for key, (_, text) in USE_CASES.items()}),
        error_messages={"required": "Choose what the key is for."},
    )
    understood = describe(forms.BooleanField(label=UNDERSTOOD, required=False), optional=False)

    def clean(self) -> dict[str, object]:
        use_case = self.cleaned_data.get("use_case")
        if use_case and use_case != "other" and not self.cleaned_data.get("understood"):
            self.add_error("understood", "Confirm that you want to proceed.")
        return self.cleaned_data


class RootKey(forms.Form):
    """Root's own key has to be wanted."""

    understood = forms.BooleanField(
        label=ROOT_UNDERSTOOD, error_messages={"required": "Confirm that you want to proceed."}
    )


class Description(forms.Form):
    """The description of a key; kept as a tag of its user under the key's id."""

    description = forms.CharField(
        label="Description tag value",
        required=False,
        max_length=256,
        help_text="Up to 256 characters: letters, numbers, spaces and _ . : / = + - @",
        widget=forms.TextInput({"autocomplete": "off"}),
    )
