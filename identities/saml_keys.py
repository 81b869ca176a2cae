"""The private keys of SAML providers: sealed for their row."""

from __future__ import annotations

from iamconsole import sealing
from iamconsole.operations.secrets import Secret
from identities.models import SamlKey


def sealed(key: Secret, key_id: str, account_id: str) -> str:
    """The key as it is stored."""
    return sealing.seal(key, _place(key_id, account_id))


def secret_of(row: SamlKey) -> Secret:
    """The key itself."""
    return sealing.unseal(row.sealed_key, _place(row.pk, row.account_id))


def _place(key_id: str, account_id: str) -> str:
    return f"saml_key|{key_id}|{account_id}"
