"""The account's password policy: only AWS's default so far, which IAM reports as none."""

from __future__ import annotations

from iamconsole.operations.call import Call
from iamconsole.operations.errors import NoSuchEntity
from iamconsole.operations.registry import Result, operation


@operation("iam:GetAccountPasswordPolicy")
def get_account_password_policy(call: Call) -> Result:
    """Show the account's own password policy."""
    raise NoSuchEntity(f"The Password Policy with domain name {call.account_id} cannot be found.")
