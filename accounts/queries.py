"""Finding accounts: by id, by alias, by the e-mail address of their root user; and ids that are free."""

from __future__ import annotations

import secrets

from accounts.models import Account


def find_account(id_or_alias: str) -> Account | None:
    """The account that a sign-in address names."""
    if is_account_id(id_or_alias):
        return Account.objects.filter(pk=id_or_alias).first()
    return Account.objects.filter(alias=id_or_alias).first() if id_or_alias else None


def account_of_root(email: str) -> Account | None:
    """The account whose root user has this e-mail address, in whatever case."""
    return Account.objects.filter(root_email__iexact=email.strip()).first()


def is_account_id(text: str) -> bool:
    """Twelve digits; an alias never is."""
    return len(text) == 12 and text.isascii() and text.isdecimal()


def free_account_id() -> str:
    """A new account's id; AWS's do not begin with 0 either, which spreadsheets would eat."""
    while True:
        account_id = str(secrets.randbelow(9 * 10**11) + 10**11)
        if not Account.objects.filter(pk=account_id).exists():
            return account_id
