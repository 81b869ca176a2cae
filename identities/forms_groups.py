"""The forms of the group pages. They hold the questions; the limits of AWS's inputs are the door's."""

from __future__ import annotations

from django import forms

from iamconsole.operations.errors import AccessDenied, ApiError, EntityAlreadyExists
from iamconsole.ui.forms import describe

NAME_INPUT = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}


class GroupName(forms.Form):
    """The name of a group, new or changed."""

    name = describe(
        forms.CharField(
            label="User group name",
            strip=False,
            help_text="Maximum 128 characters. Use alphanumeric and “+=,.@-_” characters.",
            widget=forms.TextInput(NAME_INPUT),
            error_messages={"required": "Enter a user group name."},
        ),
        description="Enter a meaningful name to identify this group.",
    )


def refused(form: forms.Form, error: ApiError, member: str) -> dict[str, object]:
    """Put AWS's error at the field `name` when it is about that (`member` is its input), else into the page."""
    if isinstance(error, AccessDenied):
        return {"denied": error}
    if isinstance(error, EntityAlreadyExists) or member in error.message:
        form.add_error("name", error.message)
        return {}
    return {"error": error.message}
