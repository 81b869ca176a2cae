"""How to sign in to the demo accounts: kept readable in var/, for this installation's owner only."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

from django.conf import settings

from accounts.models import Account
from identities.models import User


@dataclass(frozen=True)
class Card:
    """One way in; `user` is empty for root, who signs in with `email`."""

    account_id: str
    account: str
    alias: str
    user: str
    email: str
    password: str = field(repr=False)
    mfa_secret: str = field(default="", repr=False)
    note: str = ""

    @property
    def path(self) -> str:
        """Where to sign in with this card."""
        return f"/{self.alias or self.account_id}/signin/" if self.user else "/signin/root/"


def cards_file() -> Path:
    return Path(settings.VAR) / "sign_in_cards.json"


def keep(cards: list[Card]) -> None:
    """Write the cards, readable by this user only from their first byte on; they take the place of earlier ones."""
    path = cards_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump([asdict(card) for card in cards], file, indent=1)
    new.replace(path)


def kept() -> list[Card]:
    """The cards of people who are still there; none when this installation never had demo data."""
    try:
        cards = [Card(**each) for each in json.loads(cards_file().read_text())]
    except FileNotFoundError:
        return []
    return [card for card in cards if _is_there(card)]


def _is_there(card: Card) -> bool:
    if not card.user:
        return Account.objects.filter(pk=card.account_id).exists()
    return bool(User.objects.of(card.account_id).filter(name=card.user).exists())
