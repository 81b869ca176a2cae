"""Root's own e-mail address, by which it signs in: no IAM action, so the password is asked for instead of a policy."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError as NotAnEmail
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from accounts import mail
from accounts.caller import Caller
from accounts.models import Account, MailedLink
from accounts.queries import account_of_root
from accounts.root_password import confirm_root_password
from iamconsole.events.record import sign_in_event
from iamconsole.operations.errors import EntityAlreadyExists, ValidationError
from iamconsole.operations.secrets import Secret

SUBJECT = "The e-mail address of your root user was changed"
BODY = """The root user of the account {account} signs in with {new} from now on, no longer with {old}.

If it was not you, somebody else knows the password of your root user.
"""


def change_root_email(caller: Caller, password: Secret, email: str, now: datetime) -> None:
    """Give root another address; both are told. Raises an ApiError."""
    email = email.strip()
    account = confirm_root_password(caller, password, now)
    need_free_email(email, account.pk)
    try:
        with transaction.atomic():
            Account.objects.filter(pk=account.pk).update(root_email=email)
            MailedLink.objects.filter(account=account).delete()  # mailed to the address of before
            facts = {"responseElements": {"EmailUpdated": "Success"}, "additionalEventData": None}
            sign_in_event(caller, "EmailUpdated", now, facts=facts)
    except IntegrityError:
        raise _taken(email) from None  # by somebody who was a moment faster
    body = BODY.format(account=f"{account.name} ({account.pk})", new=email, old=account.root_email)
    for address in (account.root_email, email):
        mail.send(address, SUBJECT, body)


def need_free_email(email: str, account_id: str) -> None:
    """An address that no other account's root has. Raises an ApiError."""
    try:
        validate_email(email)
    except NotAnEmail:
        raise ValidationError(f"{email} is not an e-mail address.") from None
    other = account_of_root(email)
    if other and other.pk != account_id:
        raise _taken(email)


def _taken(email: str) -> EntityAlreadyExists:
    return EntityAlreadyExists(f"The e-mail address {email} is another account's root user already.")
