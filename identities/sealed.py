"""Every column that holds a sealed secret: to seal them anew under a new master key, and to see that our keys fit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import models

from iamconsole import sealing
from iamconsole.operations.secrets import Secret
from iamconsole.sealing import SealBroken
from identities import key_secrets, outbound, saml_keys, totp
from identities.models import AccessKey, MfaDevice, SamlKey, TokenKey

BATCH = 500
WRONG_KEYS = (
    "IAMCONSOLE_MASTER_KEYS (or var/master_keys) does not open the secrets in this database: {problem}. "
    "Start with the keys it was written with; a new key goes before the old ones, never in their place."
)


@dataclass(frozen=True)
class Column:
    """A sealed column; `secret_of` opens a row's, `sealed` closes it for the same row."""

    model: type[models.Model]
    name: str
    secret_of: Callable[[Any], Secret]
    sealed: Callable[[Secret, str, str], str]

    @property
    def rows(self) -> models.QuerySet[Any]:
        """Those that hold a secret: a passkey among the MFA devices has none."""
        return self.model._default_manager.exclude(**{self.name: ""}).order_by("pk")


COLUMNS = (
    Column(AccessKey, "sealed_secret", key_secrets.secret_of, key_secrets.sealed),
    Column(MfaDevice, "sealed_seed", totp.seed_of, totp.sealed),
    Column(SamlKey, "sealed_key", saml_keys.secret_of, saml_keys.sealed),
    Column(TokenKey, "sealed_key", outbound.secret_of, outbound.sealed),
)


@dataclass
class Progress:
    """Secrets sealed anew, and those that no key opens (left as they are)."""

    sealed: int = 0
    broken: int = 0


def rotate() -> Iterator[Progress]:
    """Seal everything under the first master key, batch by batch; progress after each. Safe while others serve."""
    progress = Progress()
    for column in COLUMNS:
        stale = column.rows.exclude(**{f"{column.name}__startswith": f"{sealing.first_key()}:"})
        last = ""
        while batch := list(stale.filter(pk__gt=last)[:BATCH]):
            for row in batch:
                _renew(column, row, progress)
            last = batch[-1].pk
            yield progress


def _renew(column: Column, row: Any, progress: Progress) -> None:
    try:
        anew = column.sealed(column.secret_of(row), row.pk, row.account_id)
    except SealBroken:
        progress.broken += 1
        return
    # Only over the text that was read: a row changed or deleted meanwhile stays as it was left.
    before = {column.name: getattr(row, column.name)}
    progress.sealed += column.rows.filter(pk=row.pk, **before).update(**{column.name: anew})


def refuse_wrong_keys() -> None:
    """Stop the start where the keys in hand do not open what is stored. Raises ImproperlyConfigured."""
    for column in COLUMNS:
        names = sealing.key_names()
        for name in names:
            row = column.rows.filter(**{f"{column.name}__startswith": f"{name}:"}).first()
            if row is not None:
                _open(column, row)
        unknown = column.rows
        for name in names:
            unknown = unknown.exclude(**{f"{column.name}__startswith": f"{name}:"})
        if (row := unknown.first()) is not None:
            _open(column, row)


def _open(column: Column, row: Any) -> None:
    try:
        column.secret_of(row)
    except SealBroken:
        name = getattr(row, column.name).partition(":")[0]
        problem = f"there is no key `{name}`" if name not in sealing.key_names() else f"key `{name}` is another one"
        raise ImproperlyConfigured(WRONG_KEYS.format(problem=problem)) from None
