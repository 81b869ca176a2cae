"""The account alias: a name that can stand for the account's number in the sign-in address."""

from __future__ import annotations

from accounts.models import Account
from accounts.queries import is_account_id
from iamconsole.operations.call import Call
from iamconsole.operations.errors import EntityAlreadyExists, NoSuchEntity, ValidationError
from iamconsole.operations.paging import page
from iamconsole.operations.registry import Result, operation


def need_free_alias(alias: str) -> None:
    """An alias is one account's in the whole installation, and is never mistaken for a number."""
    if is_account_id(alias):
        raise ValidationError("The account alias must not be a 12 digit number.")
    if Account.objects.filter(alias=alias).exists():
        raise EntityAlreadyExists(f"The account alias {alias} already exists.")


@operation("iam:CreateAccountAlias")
def create_account_alias(call: Call, *, account_alias: str) -> Result:
    """Set the account's alias, in place of the one it had."""
    need_free_alias(account_alias)
    Account.objects.filter(pk=call.account_id).update(alias=account_alias)
    return {}


@operation("iam:DeleteAccountAlias")
def delete_account_alias(call: Call, *, account_alias: str) -> Result:
    """Remove the account's alias."""
    if not Account.objects.filter(pk=call.account_id, alias=account_alias).update(alias=None):
        raise NoSuchEntity(f"The account alias with name {account_alias} cannot be found.")
    return {}


@operation("iam:ListAccountAliases")
def list_account_aliases(call: Call, *, marker: str | None = None, max_items: int | None = None) -> Result:
    """List the account's alias, if it has one."""
    aliases = list(Account.objects.filter(pk=call.account_id, alias__isnull=False).values_list("alias", flat=True))
    return page(call.account_id, "AccountAliases", aliases, str, marker=marker, max_items=max_items)
