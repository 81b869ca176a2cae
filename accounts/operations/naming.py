"""The name of an account.

Source: Account Management API reference, PutAccountName; service authorization reference: the resource is the account.
"""

from __future__ import annotations

from accounts.models import Account
from iamconsole.operations.call import Call
from iamconsole.operations.errors import ValidationError
from iamconsole.operations.registry import Asked, Result, Target, operation
from iamconsole.operations.secrets import Secret


def account_target(asked: Asked) -> Target:
    """The account itself."""
    return Target(f"arn:aws:account::{asked.account_id}:account", type="AWS::Account", name=asked.account_id)


@operation("account:PutAccountName", resource=account_target)
def put_account_name(call: Call, *, account_name: str | Secret, account_id: str | None = None) -> Result:
    """Rename the account."""
    if account_id not in (None, call.account_id):
        raise ValidationError("AccountId must be the caller's own account: there is no organization to manage others.")
    # AWS's model calls the name sensitive.
    name = account_name.reveal() if isinstance(account_name, Secret) else account_name
    if not name.strip():
        raise ValidationError("The account name must have 1 to 50 characters.")
    Account.objects.filter(pk=call.account_id).update(name=name.strip())
    return {}
