"""The forms of the role pages. They hold the questions; the limits of AWS's inputs are the door's."""

from __future__ import annotations

import re

from django import forms

from iamconsole.ui.forms import Choices, describe
from identities.forms_groups import NAME_INPUT
from identities.trusted import SERVICES, account_trust, service_trust

CUSTOM, ACCOUNT, SERVICE = "custom", "account", "service"
# (label, sentence): what a role can trust.
ENTITIES = {
    SERVICE: ("AWS service", "Allow AWS services like EC2 or Lambda to perform actions in this account."),
    ACCOUNT: ("AWS account", "Allow entities in this or another AWS account to perform actions in this account."),
    CUSTOM: ("Custom trust policy", "Write a custom trust policy to enable others to perform actions in this account."),
}
EXTERNAL_ID = re.compile(r"[\w+=,.@:/-]{2,1224}", re.ASCII)
HOURS = (1, 2, 4, 8, 12)
SHORTEST, LONGEST = 3_600, 43_200
DESCRIPTION = "Maximum 1,000 characters. Use alphanumeric and “_+=,.@-/\\[{}]!#$%^*();:'\"`” characters."


class TrustedEntity(forms.Form):
    """Step 1 of the wizard: whom the role trusts, apart from a trust policy written by hand."""

    trusted = describe(
        forms.ChoiceField(
            label="Trusted entity type",
            choices=[(key, label) for key, (label, _) in ENTITIES.items()],
            initial=SERVICE,
            widget=Choices({key: text for key, (_, text) in ENTITIES.items()}, tiles=True),
        ),
        wide=True,
    )
    service = describe(
        forms.ChoiceField(
            label="Service or use case",
            choices=[("", "Choose a service or use case"), *((key, name) for key, (name, _) in SERVICES.items())],
            required=False,
            widget=forms.Select({"class": "select"}),
        ),
        optional=False,
    )
    account = describe(
        forms.ChoiceField(
            label="An AWS account",
            choices=[("this", "This account"), ("another", "Another AWS account")],
            initial="this",
            required=False,
            widget=Choices(),
        ),
        description="Entities in this account can assume the role, if a policy of theirs allows it as well.",
        optional=False,
    )
    account_id = describe(
        forms.CharField(
            label="Account ID",
            required=False,
            help_text="Identifier of the account that can use this role: 12 digits.",
            widget=forms.TextInput({"autocomplete": "off", "inputmode": "numeric"}),
        ),
        optional=False,
    )
    external = describe(
        forms.BooleanField(
            label="Require external ID (Best practice when a third party will assume this role)",
            required=False,
            help_text="Whoever assumes the role must know this word. Switching to the role in the console does not "
            "work then.",
        ),
        optional=False,
    )
    external_id = describe(
        forms.CharField(
            label="External ID",
            required=False,
            strip=False,
            help_text="2 to 1,224 characters. Use alphanumeric and “+=,.@:/-_” characters, no spaces.",
            widget=forms.TextInput(NAME_INPUT),
        ),
        optional=False,
    )
    mfa = describe(
        forms.BooleanField(
            label="Require MFA",
            required=False,
            help_text="Only those who signed in with a multi-factor authentication device can assume the role.",
        ),
        optional=False,
    )

    def __init__(self, *args: object, account_id: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.own_account_id = account_id
        self.fields["account"].choices = [  # type: ignore[attr-defined]
            ("this", f"This account ({account_id})"),
            ("another", "Another AWS account"),
        ]

    @property
    def kind(self) -> str:
        return str(self["trusted"].value() or SERVICE)

    def clean(self) -> dict[str, object]:
        data: dict[str, object] = self.cleaned_data
        if data.get("trusted") == SERVICE and not data.get("service"):
            self.add_error("service", "Choose the service that will use this role.")
        if data.get("trusted") == ACCOUNT:
            self._clean_account(data)
        return data

    def _clean_account(self, data: dict[str, object]) -> None:
        if data.get("account") == "another" and not re.fullmatch("[0-9]{12}", str(data.get("account_id"))):
            self.add_error("account_id", "Enter an account ID of 12 digits.")
        if data.get("external") and not EXTERNAL_ID.fullmatch(str(data.get("external_id"))):
            self.add_error("external_id", "Enter an external ID of 2 to 1,224 of the permitted characters.")

    def document(self) -> str:
        """The trust policy that the answers amount to."""
        data = self.cleaned_data
        if data["trusted"] == SERVICE:
            return service_trust(data["service"])
        account_id = data["account_id"] if data["account"] == "another" else self.own_account_id
        return account_trust(account_id, external_id=data["external_id"] if data["external"] else "", mfa=data["mfa"])


class BoundaryChoice(forms.Form):
    """Whether a new role gets a permissions boundary."""

    bounded = describe(
        forms.ChoiceField(
            label="Permissions boundary",
            choices=[
                ("", "Create role without a permissions boundary"),
                ("yes", "Use a permissions boundary to control the maximum role permissions"),
            ],
            required=False,
            widget=Choices(),
        ),
        optional=False,
    )


class RoleDetails(forms.Form):
    """Step 3 of the wizard: name and description."""

    name = describe(
        forms.CharField(
            label="Role name",
            strip=False,
            help_text="Maximum 64 characters. Use alphanumeric and “+=,.@-_” characters.",
            widget=forms.TextInput(NAME_INPUT),
            error_messages={"required": "Enter a role name."},
        ),
        description="Enter a meaningful name to identify this role. It cannot be changed later.",
    )
    description = describe(
        forms.CharField(
            label="Description",
            required=False,
            strip=False,
            help_text=DESCRIPTION,
            widget=forms.Textarea({"rows": 3}),
        ),
        description="Add a short explanation for this role.",
    )


def _hours(count: int) -> str:
    return f"{count} hour{'' if count == 1 else 's'}"


class RoleSettings(forms.Form):
    """What can be changed about a role later."""

    description = forms.CharField(
        label="Description",
        required=False,
        strip=False,
        help_text=DESCRIPTION,
        widget=forms.Textarea({"rows": 3}),
    )
    duration = describe(
        forms.ChoiceField(
            label="Maximum session duration",
            choices=[*((str(hours * 3600), _hours(hours)) for hours in HOURS), ("custom", "Custom duration")],
            widget=forms.Select({"class": "select"}),
        ),
        description="The longest a session of this role can last, unless whoever assumes it asks for less.",
    )
    seconds = describe(
        forms.IntegerField(
            label="Custom duration in seconds",
            required=False,
            help_text="3,600 to 43,200 seconds (1 to 12 hours).",
            widget=forms.NumberInput({"min": SHORTEST, "max": LONGEST}),
        ),
        optional=False,
    )

    @classmethod
    def of(cls, description: str, seconds: int) -> RoleSettings:
        """The form filled with what a role has now."""
        listed = seconds in {hours * 3600 for hours in HOURS}
        initial = {"description": description, "duration": str(seconds) if listed else "custom"}
        return cls(initial=initial | ({} if listed else {"seconds": seconds}))

    def clean(self) -> dict[str, object]:
        data: dict[str, object] = self.cleaned_data
        if data.get("duration") == "custom" and "seconds" not in self.errors:
            seconds = data.get("seconds")
            if not isinstance(seconds, int) or not SHORTEST <= seconds <= LONGEST:
                self.add_error("seconds", "Enter a duration of 3,600 to 43,200 seconds.")
        return data

    @property
    def chosen_seconds(self) -> int:
        data = self.cleaned_data
        return int(data["seconds"] if data["duration"] == "custom" else data["duration"])


class RevokeSessions(forms.Form):
    """The acknowledgement before sessions are revoked."""

    sure = describe(
        forms.BooleanField(
            label="I acknowledge that I am revoking all active sessions for this role.",
            error_messages={"required": "Confirm that you want to revoke all active sessions."},
        ),
        optional=False,
    )
