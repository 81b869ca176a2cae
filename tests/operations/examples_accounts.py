"""One working call of every operation of accounts."""

from __future__ import annotations

from accounts.caller import system_caller
from iamconsole.operations.door import perform
from tests.cast import ACCOUNT_ID
from tests.operations.example import Example


def password_policy() -> None:
    perform(system_caller(ACCOUNT_ID), "iam:UpdateAccountPasswordPolicy", {"MinimumPasswordLength": 12})


def alias() -> None:
    perform(system_caller(ACCOUNT_ID), "iam:CreateAccountAlias", {"AccountAlias": "alices-lab"})


EXAMPLES: dict[str, Example] = {
    "iam:CreateAccountAlias": Example({"AccountAlias": "alices-lab"}),
    "iam:DeleteAccountAlias": Example({"AccountAlias": "alices-lab"}, alias),
    "iam:ListAccountAliases": Example({}, alias),
    "iam:GetAccountSummary": Example(),
    "iam:UpdateAccountPasswordPolicy": Example({"MinimumPasswordLength": 12, "MaxPasswordAge": 90, "HardExpiry": True}),
    "iam:GetAccountPasswordPolicy": Example({}, password_policy),
    "iam:DeleteAccountPasswordPolicy": Example({}, password_policy),
    "iamconsole:UnlockUser": Example({"UserName": "bob"}),
    "account:PutAccountName": Example({"AccountName": "A better name"}),
    "iamconsole:CreateAccount": Example({"AccountName": "New lab", "Email": "root@new.example"}),
    "iamconsole:ResetAccount": Example(),
}
