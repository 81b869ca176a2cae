"""Root forgot the password: a link by e-mail, good for one hour and one use, says the same to whoever asks.

Source: sign-in user guide, "Reset a lost or forgotten root user password"; CloudTrail's PasswordRecoveryRequested and
PasswordRecoveryCompleted. A known address and an invented one cost the same work: a row, an event, a mail (not sent).
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from accounts import mail, throttle
from accounts.caller import Caller, CallerKind, Origin, root_caller
from accounts.models import Account, MailedLink
from accounts.queries import account_of_root
from accounts.root_password import check_root_password, set_root_password
from accounts.throttle import Limit
from iamconsole.events.record import sign_in_event
from iamconsole.operations.secrets import MASK, Secret

PURPOSE = "root-password"
LIFETIME = timedelta(hours=1)
PER_ADDRESS, PER_NETWORK = Limit(3, timedelta(hours=1)), Limit(20, timedelta(hours=1))
REQUESTED, COMPLETED = "PasswordRecoveryRequested", "PasswordRecoveryCompleted"
SUBJECT = "Password recovery for your root user"
BODY = """Somebody, perhaps you, asked to recover the password of the root user of the account {account}.

Choose a new password here; the link works once, until {until} UTC:

{link}

If it was not you, do nothing: the password stays as it is.
"""
DISABLED_BODY = """Somebody, perhaps you, asked to recover the password of the root user of the account {account}.

Password recovery is disabled for the root user of this account: its credentials are managed centrally. Ask the
administrator of your organization.
"""
DONE_SUBJECT = "The password of your root user was changed"
DONE_BODY = """The password of the root user of the account {account} was changed by a link sent to this address.

Every session of the root user has ended. If it was not you, recover the password once more and assign MFA.
"""


def ask(email: str, origin: Origin, link_of: Callable[[str], str], now: datetime) -> None:
    """Mail a link to root, if there is such a root; `link_of` makes the link of a secret."""
    account, token = account_of_root(email), secrets.token_urlsafe(32)
    if not _admitted(email, origin, now):
        return
    with transaction.atomic():
        MailedLink.objects.filter(expires_at__lte=now).delete()
        MailedLink.objects.create(
            digest=_digest(token),
            purpose=PURPOSE,
            account=account,
            version=account.root_credential_version if account else 0,
            expires_at=now + LIFETIME,
        )
        _record(account, REQUESTED, origin, now)
    until = (now + LIFETIME).strftime("%H:%M")
    text = DISABLED_BODY if account and not account.root_recovery else BODY
    body = text.format(account=_shown(account), until=until, link=link_of(token))
    mail.send(account.root_email if account else email, SUBJECT, body, really=account is not None)


def opened(token: str, now: datetime) -> MailedLink | None:
    """What a link opens; nothing when it is used, too old, for something else, or root's password changed since."""
    link = MailedLink.objects.select_related("account").filter(
        digest=_digest(token), purpose=PURPOSE, expires_at__gt=now, account__isnull=False
    )
    found = link.first()
    account = found.account if found else None
    good = account and found and account.root_recovery and account.root_credential_version == found.version
    return found if good else None


def complete(link: MailedLink, new: Secret, origin: Origin, now: datetime) -> bool:
    """Set the password and end root's sessions; False when the link was used meanwhile. Raises an ApiError."""
    account = link.account
    assert account is not None
    check_root_password(new, account.name, account.root_email)
    with transaction.atomic():
        if not MailedLink.objects.filter(pk=link.pk).delete()[0]:
            return False
        MailedLink.objects.filter(account=account).delete()
        set_root_password(account.pk, new, now)
        _record(account, COMPLETED, origin, now)
    mail.send(account.root_email, DONE_SUBJECT, DONE_BODY.format(account=_shown(account)))
    return True


def _admitted(email: str, origin: Origin, now: datetime) -> bool:
    by_network = throttle.take(throttle.key("recovery", throttle.network(origin.source_ip)), PER_NETWORK, now)
    return throttle.take(throttle.key("recovery-of", email.strip()), PER_ADDRESS, now) and by_network


def _record(account: Account | None, name: str, origin: Origin, now: datetime) -> None:
    """An invented address is not kept, and belongs to no account's history."""
    nobody = Caller(CallerKind.ROOT, "", "", "", name=MASK, origin=origin)
    caller = root_caller(account.pk, origin=origin) if account else nobody
    sign_in_event(caller, name, now, facts={"responseElements": {name: "Success"}, "additionalEventData": None})


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _shown(account: Account | None) -> str:
    return f"{account.name} ({account.pk})" if account else ""
