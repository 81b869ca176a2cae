"""Root's own password: no IAM action, so no policy is asked; the old password is."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from accounts import sign_in, throttle
from accounts.caller import Caller
from accounts.models import Account
from iamconsole.operations.errors import PasswordPolicyViolation
from iamconsole.operations.secrets import Secret
from identities import passwords
from identities.common_passwords import is_common
from identities.operations.login_profiles import OldPasswordIncorrect


def change_root_password(caller: Caller, old: Secret, new: Secret, now: datetime) -> None:
    """Set root's password and end its other sessions. Raises an ApiError when old or new do not hold."""
    account = confirm_root_password(caller, old, now)
    check_root_password(new, account.name, account.root_email)
    set_root_password(account.pk, new, now)
    sign_in.record_password_updated(caller, now)


def confirm_root_password(caller: Caller, password: Secret, now: datetime) -> Account:
    """Root's account, if this is root's password; wrong ones are counted. Raises an ApiError."""
    throttle.admit_change(caller, now)
    account = Account.objects.get(pk=caller.account_id)
    if not passwords.verify(password, account.root_password or None):
        raise OldPasswordIncorrect("The old password was incorrect.")
    throttle.change_was_right(caller)
    return account


def check_root_password(new: Secret, account_name: str, email: str) -> None:
    """AWS's rules for root, whatever the account's policy says, and none of the commonest passwords.

    Raises PasswordPolicyViolation.
    """
    passwords.check_policy(new, account_name, email)
    if is_common(new):
        raise PasswordPolicyViolation("This password is one of the most common ones. Choose another.")


def set_root_password(account_id: str, new: Secret, now: datetime) -> None:
    """Store root's password; every session of root ends."""
    hashed = passwords.hash_password(new)
    with transaction.atomic():
        Account.objects.filter(pk=account_id).update(
            root_password=hashed,
            root_password_changed_at=now,
            root_credential_version=F("root_credential_version") + 1,
        )
