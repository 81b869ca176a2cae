"""An account is made: by the installation itself, never by somebody inside an account."""

from __future__ import annotations

import re

from accounts.caller import root_caller
from accounts.models import Account
from accounts.operations.aliases import need_free_alias
from accounts.root_email import need_free_email
from iamconsole.operations.call import Call
from iamconsole.operations.errors import EntityAlreadyExists, ValidationError
from iamconsole.operations.inputs import limits
from iamconsole.operations.registry import Result, operation
from iamconsole.operations.secrets import Secret
from iamconsole.operations.system import need_system
from identities.operations.access_keys import create_access_key
from identities.operations.users import create_user
from identities.passwords import hash_password
from policies.operations.attachments import attach_user_policy

ADMIN = "admin"
ADMINISTRATOR_ACCESS = "arn:aws:iam::aws:policy/AdministratorAccess"


@operation("iamconsole:CreateAccount")
def create_account(
    call: Call,
    *,
    account_name: str,
    email: str,
    account_alias: str | None = None,
    root_password: Secret | None = None,
    admin_key: bool = False,
    root_key: bool = False,
) -> Result:
    """Make the caller's account: its root user and, where asked for, one key to begin with."""
    need_system(call, "iamconsole:CreateAccount")
    _need_new(call.account_id, account_name, email, account_alias)
    account = Account.objects.create(
        pk=call.account_id,
        name=account_name,
        alias=account_alias,
        created_at=call.now,
        root_email=email,
        root_password=hash_password(root_password) if root_password else "",
        root_password_changed_at=call.now if root_password else None,
    )
    key = _admin_key(call) if admin_key else _root_key(call) if root_key else {}
    shown = {"Id": account.pk, "Name": account.name, "Email": account.root_email, "Arn": account.root_arn}
    return {"Account": shown, **key}


def _admin_key(call: Call) -> Result:
    """An administrator and its key, made in the same instant as the account: by that a reset knows them again."""
    create_user(call, user_name=ADMIN)
    attach_user_policy(call, user_name=ADMIN, policy_arn=ADMINISTRATOR_ACCESS)
    return create_access_key(call, user_name=ADMIN)


def _root_key(call: Call) -> Result:
    return create_access_key(Call(root_caller(call.account_id), call.now, call.id))


def _need_new(account_id: str, name: str, email: str, alias: str | None) -> None:
    if not 1 <= len(name.strip()) <= 50:
        raise ValidationError("The account name must have 1 to 50 characters.")
    if Account.objects.filter(pk=account_id).exists():
        raise EntityAlreadyExists(f"There is an account {account_id} already.")
    need_free_email(email, account_id)
    if alias is not None:
        _need_alias_shape(alias)
        need_free_alias(alias)


def _need_alias_shape(alias: str) -> None:
    pattern = str(limits("iam:CreateAccountAlias", "AccountAlias")["pattern"])
    if not 3 <= len(alias) <= 63 or not re.fullmatch(pattern, alias):
        raise ValidationError(
            "The account alias must have 3 to 63 lower-case letters, digits and single hyphens,"
            " no hyphen at its beginning or end."
        )
