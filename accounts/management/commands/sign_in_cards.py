"""`manage.py sign_in_cards`: where and as whom to sign in to the demo accounts."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from itertools import groupby

from django.core.management.base import BaseCommand

from accounts.demo.cards import Card, cards_file, kept

COLUMNS = ("User", "Password", "Note", "MFA secret")


class Command(BaseCommand):
    help = "Print the sign-in cards of the demo accounts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--url", help="where the console is, for example https://iam.example.org")

    def handle(self, *args: object, **options: object) -> None:
        cards = kept()
        if not cards:
            self.stdout.write("No demo accounts here. Make an account: python manage.py create_account --help")
            return
        url = str(options["url"] or f"http://127.0.0.1:{os.environ.get('PORT') or 8000}").rstrip("/")
        self.stdout.write("Sign in as one of these (kept in " + str(cards_file()) + "):")
        for _, group in groupby(cards, key=lambda card: card.account_id):
            self.stdout.write("\n" + "\n".join(account_lines(list(group), url)))


def account_lines(cards: list[Card], url: str) -> list[str]:
    """One account as a small table under its name and addresses."""
    first = cards[0]
    head = [f"{first.account}  account {first.account_id}, alias {first.alias}"]
    head += [f"  Root user: {url}{card.path}" for card in cards if not card.user]
    head += [f"  IAM users: {url}{card.path}" for card in cards if card.user][:1]
    rows = [COLUMNS, *((card.user or card.email, card.password, card.note, card.mfa_secret) for card in cards)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(COLUMNS))]
    return head + ["  " + "  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
