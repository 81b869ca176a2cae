"""What the root user is told by mail, because somebody else may have done it."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from accounts import mail
from accounts.models import Account

SUBJECT = "An MFA device of your root user was removed"
BODY = """The root user of the account {account} has no longer the MFA device

{serials}

If it was not you: sign in, change the root password, assign MFA devices anew, and look who did it in the event history.
"""


def mfa_removed(account: Account, serials: Sequence[str]) -> None:
    """Tell of devices that are gone, once it is certain that they are."""
    body = BODY.format(account=f"{account.name} ({account.pk})", serials="\n".join(serials))
    transaction.on_commit(lambda: mail.send(account.root_email, SUBJECT, body))
