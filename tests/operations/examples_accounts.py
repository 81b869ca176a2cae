"""One working call of every operation of accounts."""

from __future__ import annotations

from accounts.caller import system_caller
from iamconsole.operations.door import perform
from tests.cast import ACCOUNT_ID
from tests.operations.example import Example


def alias() -> None:
    perform(system_caller(ACCOUNT_ID), "iam:CreateAccountAlias", {"AccountAlias": "alices-lab"})


EXAMPLES: dict[str, Example] = {
    "iam:CreateAccountAlias": Example({"AccountAlias": "alices-lab"}),
    "iam:DeleteAccountAlias": Example({"AccountAlias": "alices-lab"}, alias),
    "iam:ListAccountAliases": Example({}, alias),
    "iam:GetAccountSummary": Example(),
    # No account has a password policy of its own yet: AWS then answers NoSuchEntity, to everybody.
    "iam:GetAccountPasswordPolicy": Example(fails_for_others="NoSuchEntity"),
    "iamconsole:CreateAccount": Example({"AccountName": "New lab", "Email": "root@new.example"}),
    "iamconsole:ResetAccount": Example(),
}
