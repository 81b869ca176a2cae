"""Sign the cast in without the sign-in pages: for tests that are about other pages."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from accounts.caller import Caller, Origin
from accounts.models import Account
from accounts.sessions import KEY, open_row
from identities.models import User

if TYPE_CHECKING:
    from django.contrib.sessions.backends.base import SessionBase
    from django.test import Client


SOMEWHERE = Origin(source_ip="127.0.0.1", via="console")


def sign_in(client: Client, caller: Caller, *, mfa: bool = False) -> None:
    """A Django test client signed in as a user or root of the cast."""
    client.cookies[settings.SESSION_COOKIE_NAME] = session_key(caller, mfa=mfa)


def session_key(caller: Caller, *, mfa: bool = False, slot: int = 1) -> str:
    """The key of a new console session, for the session cookie of a client or browser."""
    account = Account.objects.get(pk=caller.account_id)
    user = None if caller.is_root else User.objects.of(account.pk).get(pk=caller.principal_id)
    row = open_row(account, user, SOMEWHERE, mfa_at=timezone.now() if mfa else None, slot=slot)
    store: SessionBase = import_module(settings.SESSION_ENGINE).SessionStore()
    store[KEY] = row.pk
    store.save()
    assert store.session_key
    return store.session_key
