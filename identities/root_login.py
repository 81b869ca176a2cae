"""Root's password as privileged tasks see it (AssumeRoot): whether there is one, taking it away, a way back to one.

Source: IAM user guide, id_root-user-privileged-task. Root itself has no login profile in the API.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import F

from accounts.caller import Caller
from accounts.models import Account
from iamconsole.operations.errors import EntityAlreadyExists, NoSuchEntity
from iamconsole.operations.registry import Result


def is_task(caller: Caller, user_name: str | None) -> bool:
    """Whether a call is about root's own password, by somebody who is root for one task."""
    of_root = caller.is_root and user_name in (None, "", caller.account_id)
    return of_root and caller.session is not None and bool(caller.session.policy_arns)


def shown(account_id: str) -> Result:
    """Root's login profile; root goes by the account id, as elsewhere. Raises NoSuchEntity."""
    account = _with_password(account_id)
    return {"UserName": account.pk, "CreateDate": account.root_password_changed_at or account.created_at}


def remove(account_id: str) -> None:
    """Take root's password away, and the way to a new one; its sessions end. Raises NoSuchEntity."""
    account = _with_password(account_id)
    Account.objects.filter(pk=account.pk).update(
        root_password="", root_recovery=False, root_credential_version=F("root_credential_version") + 1
    )


def allow_recovery(account_id: str, now: datetime) -> Result:
    """Let root set a password by e-mail again (`IAMCreateRootUserPassword`). Raises EntityAlreadyExists."""
    without = Account.objects.filter(pk=account_id, root_password="")
    if not without.update(root_recovery=True):
        raise EntityAlreadyExists(f"Login Profile for user {account_id} already exists.")
    return {"UserName": account_id, "CreateDate": now, "PasswordResetRequired": False}


def _with_password(account_id: str) -> Account:
    account = Account.objects.filter(pk=account_id).exclude(root_password="").first()
    if account is None:
        raise NoSuchEntity(f"Login Profile for User {account_id} cannot be found.")
    return account
