"""The secrets of access keys: made here, sealed for their row, opened to check a signature."""

from __future__ import annotations

import base64
import secrets

from iamconsole import sealing
from iamconsole.operations.secrets import Secret
from identities.models import AccessKey


def new_secret() -> Secret:
    """Forty characters of base 64, as AWS's are."""
    return Secret(base64.b64encode(secrets.token_bytes(30)).decode())


def sealed(secret: Secret, key_id: str, account_id: str) -> str:
    """The secret as it is stored with its key."""
    return sealing.seal(secret, _place(key_id, account_id))


def secret_of(key: AccessKey) -> Secret:
    """The secret of a key."""
    return unsealed(key.sealed_secret, key.pk, key.account_id)


def unsealed(sealed_secret: str, key_id: str, account_id: str) -> Secret:
    """The same from its columns. Raises SealBroken."""
    return sealing.unseal(sealed_secret, _place(key_id, account_id))


def _place(key_id: str, account_id: str) -> str:
    return f"access_key|{key_id}|{account_id}"
