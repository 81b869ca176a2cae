"""The form of the account's password policy, from AWS's shape and back into it."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms

from iamconsole.ui.forms import Choices, describe

DEFAULT, CUSTOM = "default", "custom"
# A new policy begins with AWS's suggestion; the operation's own default of 6 is for calls that leave the length out.
SUGGESTED = {"MinimumPasswordLength": 8, "AllowUsersToChangePassword": True}
SYMBOLS = "! @ # $ % ^ & * ( ) _ + - = [ ] { } | '"


def tick(label: str, help_text: str = "") -> forms.BooleanField:
    return describe(forms.BooleanField(label=label, required=False, help_text=help_text), optional=False)


def number(label: str, least: int, most: int) -> forms.IntegerField:
    """A number that may stay empty where the rule it belongs to is off."""
    text = f"Between {least} and {most}"
    field = forms.IntegerField(label=label, required=False, min_value=least, max_value=most, help_text=text)
    return describe(field, optional=False)


class PasswordPolicyForm(forms.Form):
    """Which rules hold; the custom ones are kept while the default is chosen, and not looked at."""

    kind = forms.ChoiceField(
        label="Password policy",
        choices=[(DEFAULT, "IAM default"), (CUSTOM, "Custom")],
        widget=Choices(
            {
                DEFAULT: "Apply the default password requirements.",
                CUSTOM: "Apply password requirements of your own.",
            }
        ),
    )
    minimum_length = number("Password minimum length", 6, 128)
    uppercase = tick("Require at least one uppercase letter from the Latin alphabet (A-Z)")
    lowercase = tick("Require at least one lowercase letter from the Latin alphabet (a-z)")
    numbers = tick("Require at least one number")
    symbols = tick("Require at least one non-alphanumeric character", SYMBOLS)
    expires = tick("Turn on password expiration", "Holds at once, for passwords that are older already too.")
    max_age = number("Expire passwords after (days)", 1, 1095)
    hard_expiry = tick("Password expiration requires administrator reset")
    users_may_change = tick("Allow users to change their own password")
    prevents_reuse = tick("Prevent password reuse")
    remembered = number("Remember (passwords)", 1, 24)

    def clean(self) -> dict[str, object]:
        if self.cleaned_data.get("kind") == DEFAULT:
            self._errors = forms.utils.ErrorDict()
            return self.cleaned_data
        for switch, name in ((True, "minimum_length"), ("expires", "max_age"), ("prevents_reuse", "remembered")):
            wanted = switch is True or self.cleaned_data.get(str(switch))
            if wanted and name not in self.errors and self.cleaned_data.get(name) is None:
                self.add_error(name, "Enter a number.")
            elif not wanted:
                self.errors.pop(name, None)
        return self.cleaned_data

    @property
    def is_custom(self) -> bool:
        return bool(self.cleaned_data["kind"] == CUSTOM)

    def inputs(self) -> dict[str, object]:
        """What UpdateAccountPasswordPolicy is told."""
        said = self.cleaned_data
        return {
            "MinimumPasswordLength": said["minimum_length"],
            "RequireUppercaseCharacters": said["uppercase"],
            "RequireLowercaseCharacters": said["lowercase"],
            "RequireNumbers": said["numbers"],
            "RequireSymbols": said["symbols"],
            "AllowUsersToChangePassword": said["users_may_change"],
            "HardExpiry": said["hard_expiry"],
            **({"MaxPasswordAge": said["max_age"]} if said["expires"] else {}),
            **({"PasswordReusePrevention": said["remembered"]} if said["prevents_reuse"] else {}),
        }


def initial(policy: Mapping[str, object] | None) -> dict[str, object]:
    """The form's first answers, from the policy in force (None: IAM's default)."""
    now = SUGGESTED if policy is None else policy
    return {
        "kind": DEFAULT if policy is None else CUSTOM,
        "minimum_length": now["MinimumPasswordLength"],
        "uppercase": now.get("RequireUppercaseCharacters", False),
        "lowercase": now.get("RequireLowercaseCharacters", False),
        "numbers": now.get("RequireNumbers", False),
        "symbols": now.get("RequireSymbols", False),
        "expires": "MaxPasswordAge" in now,
        "max_age": now.get("MaxPasswordAge", 90),
        "hard_expiry": now.get("HardExpiry", False),
        "users_may_change": now.get("AllowUsersToChangePassword", False),
        "prevents_reuse": "PasswordReusePrevention" in now,
        "remembered": now.get("PasswordReusePrevention", 5),
    }


def rules(policy: Mapping[str, object] | None) -> list[str]:
    """The policy in force as sentences."""
    if policy is None:
        return [
            "Password minimum length is 8 characters, maximum length is 128 characters",
            "At least three of: uppercase letters, lowercase letters, numbers, non-alphanumeric characters",
            "Not identical to the account name or its e-mail address",
            "Passwords never expire",
        ]
    age, kept = policy.get("MaxPasswordAge"), policy.get("PasswordReusePrevention")
    said = {
        f"Password minimum length is {policy['MinimumPasswordLength']} characters": True,
        "At least one uppercase letter": policy["RequireUppercaseCharacters"],
        "At least one lowercase letter": policy["RequireLowercaseCharacters"],
        "At least one number": policy["RequireNumbers"],
        "At least one non-alphanumeric character": policy["RequireSymbols"],
        f"Passwords expire after {age} days" if age else "Passwords never expire": True,
        "An expired password is reset by an administrator": policy.get("HardExpiry"),
        "Users may change their own password": policy["AllowUsersToChangePassword"],
        f"The last {kept} passwords cannot be used again": kept,
    }
    return [text for text, holds in said.items() if holds]
