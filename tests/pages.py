"""Sign the cast in without the sign-in pages: for tests that are about other pages."""

from __future__ import annotations

import time
from importlib import import_module
from typing import TYPE_CHECKING

from django.conf import settings

from accounts.caller import Caller
from accounts.models import Account
from accounts.sessions import KEY
from identities.models import User

if TYPE_CHECKING:
    from django.contrib.sessions.backends.base import SessionBase
    from django.test import Client


def sign_in(client: Client, caller: Caller, *, mfa: bool = False) -> None:
    """A Django test client signed in as a user or root of the cast."""
    client.cookies[settings.SESSION_COOKIE_NAME] = session_key(caller, mfa=mfa)


def session_key(caller: Caller, *, mfa: bool = False) -> str:
    """The key of a new console session, for the session cookie of a client or browser."""
    store: SessionBase = import_module(settings.SESSION_ENGINE).SessionStore()
    store[KEY] = {
        "account": caller.account_id,
        "user": "" if caller.is_root else caller.principal_id,
        "mfa_time": time.time() if mfa else None,
        "since": time.time(),
        "version": _version(caller),
    }
    store.save()
    assert store.session_key
    return store.session_key


def _version(caller: Caller) -> int:
    if caller.is_root:
        return Account.objects.get(pk=caller.account_id).root_credential_version
    return User.objects.of(caller.account_id).get(pk=caller.principal_id).credential_version  # type: ignore[no-any-return]
