"""The three kinds of MFA devices, told apart by their serial numbers, as on AWS. Pure.

Source: IAM API reference, GetMFADevice; IAM user guide, id_credentials_mfa.
"""

from __future__ import annotations

from enum import StrEnum


class MfaKind(StrEnum):
    """What a device is; the words are AWS's console's."""

    PASSKEY = "passkey"
    VIRTUAL = "virtual"
    HARDWARE = "hardware"

    @property
    def label(self) -> str:
        """As a person chooses it."""
        return LABELS[self]

    @property
    def type(self) -> str:
        """As a table names it."""
        return TYPES[self]


LABELS = {
    MfaKind.PASSKEY: "Passkey or security key",
    MfaKind.VIRTUAL: "Authenticator app",
    MfaKind.HARDWARE: "Hardware TOTP token",
}
TYPES = {
    MfaKind.PASSKEY: "Passkey / Security key",
    MfaKind.VIRTUAL: "Virtual",
    MfaKind.HARDWARE: "Hardware",
}


def kind_of(serial: str) -> MfaKind:
    """An app's serial number is its ARN, a passkey's an ARN of another type; a token's is printed on its back."""
    if ":u2f/" in serial:
        return MfaKind.PASSKEY
    return MfaKind.VIRTUAL if ":mfa/" in serial else MfaKind.HARDWARE


def key_of(account_id: str, serial: str) -> str:
    """The primary key under which a device is kept.

    ARNs name their account; what is printed on a token does not, and two classes may own the same one.
    """
    return f"{account_id}/{serial.upper()}" if kind_of(serial) is MfaKind.HARDWARE else serial


def name_of(serial: str) -> str:
    """What its owner called it; a passkey's name is followed by letters that make it the only one."""
    last = serial.rsplit("/", 1)[-1]
    return last.rpartition("-")[0] or last if kind_of(serial) is MfaKind.PASSKEY else last
