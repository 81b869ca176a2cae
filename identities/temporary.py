"""Temporary credentials: everything they mean is sealed into the session token, bound to its key id. Nothing is stored.

Source: STS API reference, "Credentials"; IAM user guide, id_credentials_temp.
"""

from __future__ import annotations

import base64
import json
import secrets
import zlib
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from accounts.caller import Caller, CallerKind, Session
from iamconsole.operations.ids import ALPHABET, Prefix
from iamconsole.operations.secrets import Secret
from iamconsole.sealing import SealBroken, seal, unseal
from identities.key_secrets import new_secret


@dataclass(frozen=True)
class Temporary:
    """A caller as its token describes it, with the secret its requests are signed with."""

    caller: Caller
    secret: Secret


def issue(caller: Caller, session: Session) -> dict[str, object]:
    """New credentials for `caller` in `session`, in AWS's shape."""
    key_id, secret = new_key_id(caller.account_id), new_secret()
    return {
        "AccessKeyId": key_id,
        "SecretAccessKey": secret,
        "SessionToken": _token(caller, session, key_id, secret),
        "Expiration": moment(session.expires_at),
    }


def new_key_id(account_id: str) -> str:
    """A new id that holds its account where AWS's ids do: 40 bits of the 80, the rest is random.

    Nothing is stored, so nobody else could say to which account a temporary key belongs.
    """
    bits = secrets.randbits(1) << 79 | int(account_id) << 39 | secrets.randbits(39)
    letters = (ALPHABET[bits >> shift & 31] for shift in range(75, -1, -5))
    return Prefix.TEMPORARY_KEY.value + "".join(letters)


def account_of(key_id: str) -> str | None:
    """The account in the id of a temporary key; None for other ids."""
    letters = key_id.removeprefix(Prefix.TEMPORARY_KEY.value)
    if len(letters) != 16 or len(key_id) != 20 or not set(letters) <= set(ALPHABET):
        return None
    bits = 0
    for letter in letters:
        bits = bits << 5 | ALPHABET.index(letter)
    return f"{bits >> 39 & (1 << 40) - 1:012}"


def moment(seconds: float) -> datetime:
    """A time by its seconds since the epoch."""
    return datetime.fromtimestamp(seconds, UTC)


def lasting(now: datetime, seconds: int) -> tuple[float, float]:
    """When a session of `seconds` made now is issued and expires, in whole seconds since the epoch."""
    start = now.replace(microsecond=0)
    return start.timestamp(), (start + timedelta(seconds=seconds)).timestamp()


def read(token: str, key_id: str) -> Temporary | None:
    """What a token says, expired or not; None where it is not ours, or of another key."""
    try:
        said = json.loads(zlib.decompress(base64.b64decode(unseal(token, _place(key_id)).reveal())))
    except (SealBroken, ValueError, zlib.error):
        return None
    return Temporary(caller_of(said, key_id), Secret(said["secret"]))


def caller_of(said: dict[str, Any], key_id: str) -> Caller:
    """The caller that `facts_of` described, with the key id of its credentials."""
    facts = {**said["caller"], "kind": CallerKind(said["caller"]["kind"])}
    session = Session(**{name: _frozen(value) for name, value in said["session"].items()})
    return Caller(**facts, access_key_id=key_id, session=session)


def facts_of(caller: Caller, session: Session) -> dict[str, Any]:
    """A temporary caller as plain values; nothing in it is secret."""
    facts = {name: getattr(caller, name) for name in ("account_id", "arn", "principal_id", "name", "mfa", "mfa_time")}
    return {"caller": {**facts, "kind": caller.kind.value}, "session": asdict(session)}


def _frozen(value: Any) -> Any:
    """JSON's lists as the tuples they were."""
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value


def _token(caller: Caller, session: Session, key_id: str, secret: Secret) -> str:
    said = {**facts_of(caller, session), "secret": secret.reveal()}
    packed = base64.b64encode(zlib.compress(json.dumps(said).encode(), 9)).decode()
    return seal(Secret(packed), _place(key_id))


def _place(key_id: str) -> str:
    return f"session_token|{key_id}"
