"""From a signed request to a caller: find the key, verify the signature, note the use."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import lru_cache

from django.db.models import OuterRef, Q, QuerySet

from accounts.caller import Caller, CallerKind, Origin, root_caller, user_caller
from accounts.models import Account
from iamconsole.api import sigv4
from iamconsole.api.sigv4 import Refused, Signed, WireRequest
from iamconsole.prepared import Prepared
from iamconsole.sealing import SealBroken
from identities import key_secrets, temporary
from identities.models import AccessKey, Role, User
from policies import gather

# A last-used stamp older than this is renewed: reads stay reads most of the time.
STAMP_EVERY = timedelta(minutes=1)
# Signed against where the key is unknown, so that a stranger cannot tell by the time taken.
NO_SECRET = "0" * 40


@dataclass(frozen=True)
class Found:
    """A caller with what its request must be signed with."""

    caller: Caller
    signing_key: bytes = field(repr=False)
    key: AccessKey | None = None


def authenticate(request: WireRequest, origin: Origin, now: datetime) -> tuple[Caller, Signed]:
    """The caller of a signed request. Raises `Refused` with AWS's code."""
    signed = sigv4.read(request)
    if signed.service not in ("iam", "sts"):
        raise sigv4.wrong_service()
    found = _find(signed, origin, now)
    if found is None:
        _verify_in_vain(request, signed, now)
        raise sigv4.unknown_key()
    sigv4.verify(request, signed, found.signing_key, now)
    if signed.service == "iam" and _is_no_caller_of_iam(found.caller):
        raise Refused("InvalidClientTokenId", "The security token included in the request is invalid")
    _stamp(found, signed, now)
    return found.caller, signed


def _verify_in_vain(request: WireRequest, signed: Signed, now: datetime) -> None:
    with suppress(Refused):
        sigv4.verify(request, signed, _no_key(signed.scope), now)


def _find(signed: Signed, origin: Origin, now: datetime) -> Found | None:
    if signed.session_token:
        return _find_session(signed, origin, now)
    key = _KEY.first(key_id=signed.access_key_id)
    if key is None or not key.active:
        return None
    try:
        signing_key = _signing_key(key.pk, key.account_id, key.sealed_secret, signed.scope)
    except SealBroken:
        return None
    revision = key.account.revision
    gather.know_revision(key.account_id, revision)
    if key.user is not None:
        gather.know_user(key.user, revision, may_change_password=key.users_may_change)  # type: ignore[attr-defined]
    return Found(_caller(key, origin), signing_key, key)


@lru_cache(maxsize=4096)
def _signing_key(key_id: str, account_id: str, sealed_secret: str, scope: str) -> bytes:
    """The same all day for a client: to open the secret and derive it takes as long as the rest of the check.

    Raises SealBroken.
    """
    return sigv4.signing_key(key_secrets.unsealed(sealed_secret, key_id, account_id).reveal(), scope)


@lru_cache(maxsize=4096)
def _no_key(scope: str) -> bytes:
    return sigv4.signing_key(NO_SECRET, scope)


def _find_session(signed: Signed, origin: Origin, now: datetime) -> Found | None:
    """Temporary credentials: the token says it all, as long as it is of this key and its principal still exists."""
    said = temporary.read(signed.session_token, signed.access_key_id)
    if said is None or not _exists(said.caller):
        return None
    session = said.caller.session
    if session is None or session.expires_at <= now.timestamp():
        raise Refused("ExpiredToken", "The security token included in the request is expired")
    signing_key = sigv4.signing_key(said.secret.reveal(), signed.scope)
    return Found(replace(said.caller, origin=origin), signing_key)


def _is_no_caller_of_iam(caller: Caller) -> bool:
    """AWS's IAM knows no credentials from GetFederationToken, and those from GetSessionToken only after MFA."""
    plain = caller.session is not None and caller.session.plain
    return caller.kind is CallerKind.FEDERATED or (plain and not caller.mfa)


def _exists(caller: Caller) -> bool:
    session = caller.session
    match caller.kind:
        case CallerKind.ROLE_SESSION:
            return bool(Role.objects.of(caller.account_id).filter(pk=caller.principal_id.partition(":")[0]).exists())
        case CallerKind.USER:
            return bool(User.objects.of(caller.account_id).filter(pk=caller.principal_id).exists())
        case CallerKind.FEDERATED if session and session.user_id:
            return bool(User.objects.of(caller.account_id).filter(pk=session.user_id).exists())
        case _:
            return Account.objects.filter(pk=caller.account_id).exists()


def _key(key_id: str) -> QuerySet[AccessKey]:
    """Among the keys of all accounts: the one place where the key names the account, not the account the key."""
    return AccessKey.objects.filter(pk=key_id)


def _key_with_owner(key_id: str) -> QuerySet[AccessKey]:
    """No column more than a call needs."""
    key = ("account_id", "user_id", "sealed_secret", "active", "last_used_at", "last_used_service")
    owner = ("account__revision", "user__account_id", "user__name", "user__path", "user__tags")
    found = _key(key_id).select_related("user", "account").only(*key, *owner)
    return found.annotate(users_may_change=gather.users_may_change(OuterRef("account_id")))


_KEY: Prepared[AccessKey] = Prepared(_key_with_owner, "key_id")


def _caller(key: AccessKey, origin: Origin) -> Caller:
    if key.user is None:
        return root_caller(key.account_id, origin=origin, access_key_id=key.pk)
    user = key.user
    return user_caller(key.account_id, user.pk, user.arn, user.name, origin=origin, access_key_id=key.pk)


def _stamp(found: Found, signed: Signed, now: datetime) -> None:
    """When a key or a role was last used, to the minute."""
    caller, key = found.caller, found.key
    if caller.kind is CallerKind.ROLE_SESSION:
        stale = Q(last_used_at=None) | Q(last_used_at__lt=now - STAMP_EVERY)
        role = Role.objects.of(caller.account_id).filter(stale, pk=caller.principal_id.partition(":")[0])
        role.update(last_used_at=now, last_used_region=signed.region)
        return
    if key and key.last_used_at and key.last_used_at >= now - STAMP_EVERY and key.last_used_service == signed.service:
        return
    _key(signed.access_key_id).update(
        last_used_at=now, last_used_service=signed.service, last_used_region=signed.region
    )
