"""The credential report: one line for root and each user, with the state of every credential, as AWS's CSV file.

Source: IAM user guide, "Generate credential reports for your AWS account" (id_credentials_getting-report), and files
that AWS made: 22 columns, root first, LF between the lines and none after the last.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from accounts.models import Account, PasswordPolicy
from identities.models import AccessKey, MfaDevice, SigningCertificate, User
from identities.password_rules import expires_at, rules_of
from identities.queries import keys_of, login_profile_of

NONE, UNSUPPORTED, UNKNOWN, ROOT = "N/A", "not_supported", "no_information", "<root_account>"
_OF_KEY = ("active", "last_rotated", "last_used_date", "last_used_region", "last_used_service")
COLUMNS = (
    "user",
    "arn",
    "user_creation_time",
    "password_enabled",
    "password_last_used",
    "password_last_changed",
    "password_next_rotation",
    "mfa_active",
    *(f"access_key_{number}_{column}" for number in (1, 2) for column in _OF_KEY),
    *(f"cert_{number}_{column}" for number in (1, 2) for column in ("active", "last_rotated")),
)


def render(account: Account) -> str:
    """The report of an account as it is now."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerow(_root(account))
    rules = rules_of(account.pk)
    users = User.objects.of(account.pk).select_related("login_profile")
    rows = users.prefetch_related("access_keys", "mfa_devices", "signing_certificates")
    writer.writerows(_user(user, rules) for user in sorted(rows, key=lambda user: user.name.lower()))
    return text.getvalue().removesuffix("\n")


def _root(account: Account) -> list[str]:
    password = [UNSUPPORTED, _time(account.root_last_sign_in_at, UNKNOWN), UNSUPPORTED, UNSUPPORTED]
    mfa = MfaDevice.objects.of(account.pk).filter(for_root=True, enabled_at__isnull=False).exists()
    certificates = SigningCertificate.objects.of(account.pk).filter(user__isnull=True)
    return [
        ROOT,
        account.root_arn,
        _time(account.created_at),
        *password,
        _flag(mfa),
        *_keys(keys_of(account.pk, None)),
        *_certificates(certificates),
    ]


def _user(user: User, rules: PasswordPolicy | None) -> list[str]:
    return [
        user.name,
        user.arn,
        _time(user.created_at),
        *_password(user, rules),
        _flag(any(device.enabled_at for device in user.mfa_devices.all())),
        *_keys(user.access_keys.all()),
        *_certificates(user.signing_certificates.all()),
    ]


def _password(user: User, rules: PasswordPolicy | None) -> list[str]:
    profile = login_profile_of(user)
    if profile is None:
        return [_flag(False), NONE, NONE, NONE]
    next_rotation = _time(expires_at(profile, rules))
    return [_flag(True), _time(profile.last_used_at, UNKNOWN), _time(profile.changed_at), next_rotation]


def _keys(keys: Iterable[AccessKey]) -> list[str]:
    """The oldest first. An inactive key keeps its dates."""
    shown = [
        [
            _flag(key.active),
            _time(key.created_at),
            _time(key.last_used_at),
            key.last_used_region or NONE,
            key.last_used_service or NONE,
        ]
        for key in sorted(keys, key=lambda key: (key.created_at, key.pk))
    ]
    return _two(shown, [_flag(False), NONE, NONE, NONE, NONE])


def _certificates(certificates: Iterable[SigningCertificate]) -> list[str]:
    ordered = sorted(certificates, key=lambda each: (each.created_at, each.pk))
    return _two([[_flag(each.active), _time(each.created_at)] for each in ordered], [_flag(False), NONE])


def _two(shown: Sequence[list[str]], absent: list[str]) -> list[str]:
    first, second, *_ = [*shown, absent, absent]
    return [*first, *second]


def _flag(value: bool) -> str:
    return "true" if value else "false"


def _time(moment: datetime | None, absent: str = NONE) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00") if moment else absent
