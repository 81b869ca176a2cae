"""The forms of MFA devices: at sign-in, assigning them, their codes."""

from __future__ import annotations

from collections.abc import Collection
from typing import cast

from django import forms
from django.http import QueryDict

from iamconsole.ui.forms import Choices, describe
from identities.mfa_kinds import MfaKind

DESCRIPTIONS: dict[str, str] = {
    MfaKind.PASSKEY: "Sign in with your fingerprint, face or screen lock, or with a FIDO2 security key that you touch.",
    MfaKind.VIRTUAL: "Sign in with a code that an app on your phone or computer shows.",
    MfaKind.HARDWARE: "Sign in with a code that a small device of its own shows.",
}
# Far more than an answer with the longest attestation has.
LONGEST_ANSWER = 32_768


class CodeField(forms.CharField):
    """A six-digit code of an authenticator app."""

    def __init__(self, label: str, help_text: str = "6 digits") -> None:
        attrs = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}
        super().__init__(label=label, max_length=16, help_text=help_text, widget=forms.TextInput(attrs))

    def clean(self, value: object) -> str:
        code = "".join(str(super().clean(value)).split())
        if not (len(code) == 6 and code.isascii() and code.isdecimal()):
            raise forms.ValidationError("An MFA code is 6 digits.")
        return code


class MfaCode(forms.Form):
    """The second factor."""

    code = CodeField("MFA code")


class MfaMethod(forms.Form):
    """With which kind of device to sign in, where there are several."""

    method = forms.ChoiceField(
        label="MFA method", widget=Choices(DESCRIPTIONS), error_messages={"required": "Choose an MFA method."}
    )

    def __init__(self, kinds: Collection[MfaKind], data: QueryDict | None = None) -> None:
        super().__init__(data)
        cast("forms.ChoiceField", self.fields["method"]).choices = [(kind.value, kind.label) for kind in kinds]


class PasskeyAnswer(forms.Form):
    """What the browser says of a passkey; the script fills it in."""

    answer = forms.CharField(max_length=LONGEST_ANSWER, widget=forms.HiddenInput)


class AssignDevice(forms.Form):
    """The name of a new MFA device, and its kind."""

    name = describe(
        forms.CharField(
            label="Device name",
            max_length=128,
            required=False,
            help_text="Up to 128 characters: letters, digits and + = , . @ - _",
            widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
        ),
        "A name that tells the device apart from others. It cannot be changed later. "
        "A hardware token goes by its serial number instead.",
        optional=False,
    )
    kind = forms.ChoiceField(
        label="MFA device",
        choices=[(kind.value, kind.label) for kind in MfaKind],
        initial=MfaKind.PASSKEY.value,
        widget=Choices(DESCRIPTIONS),
        error_messages={"required": "Choose what kind of device it is."},
    )

    def clean(self) -> dict[str, object]:
        if not self.cleaned_data.get("name") and not self.errors and self.device_kind is not MfaKind.HARDWARE:
            self.add_error("name", "This field is required.")
        return self.cleaned_data

    @property
    def device_kind(self) -> MfaKind:
        return MfaKind(self.cleaned_data["kind"])


class TwoCodes(forms.Form):
    """Two codes, one after the other, from the same device."""

    code1 = CodeField("MFA code 1", "The code that the device shows now.")
    code2 = CodeField("MFA code 2", "Wait up to 30 seconds for the next code.")


class DeviceCodes(TwoCodes):
    """The same at sign-in, where several devices have to be told apart; the only one needs no choice."""

    device = forms.ChoiceField(label="MFA device", widget=Choices(), error_messages={"required": "Choose a device."})
    field_order = ("device", "code1", "code2")

    def __init__(self, names: dict[str, str], data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.only = next(iter(names)) if len(names) == 1 else ""
        if self.only:
            del self.fields["device"]
        else:
            self.fields["device"].choices = list(names.items())  # type: ignore[attr-defined]

    @property
    def chosen(self) -> str:
        return self.only or str(self.cleaned_data["device"])

    @property
    def codes(self) -> tuple[str, str]:
        return self.cleaned_data["code1"], self.cleaned_data["code2"]


class HardwareToken(TwoCodes):
    """A token by the number on its back, and two codes of it."""

    serial = forms.CharField(
        label="Serial number",
        max_length=256,
        help_text="Usually on the back of the device, such as GAHT12345678",
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
    )
    field_order = ("serial", "code1", "code2")


class TokenLines(forms.Form):
    """Tokens to register, pasted as lines."""

    tokens = describe(
        forms.CharField(
            label="Tokens",
            max_length=100_000,
            help_text="For example: GAHT12345678, 3132333435363738393031323334353637383930",
            widget=forms.Textarea({"rows": 8, "spellcheck": "false", "autocomplete": "off", "wrap": "off"}),
        ),
        "One token a line: serial number and seed, with a comma, semicolon, tab or space between them. "
        "A seed is hexadecimal or base32.",
        wide=True,
    )
