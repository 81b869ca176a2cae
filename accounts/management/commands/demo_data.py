"""`manage.py demo_data`: two accounts to look around in, when there is none yet."""

from __future__ import annotations

from django.db import transaction

from accounts.demo import bakery, school_lab
from accounts.demo.cards import Card, keep
from accounts.demo.telling import tell
from accounts.models import Account
from iamconsole.management.stored import StoredCommand


class Command(StoredCommand):
    help = "Fill an empty installation with two demo accounts; `sign_in_cards` tells how to sign in to them."

    def handle(self, *args: object, **options: object) -> None:
        if Account.objects.exists():
            self.stdout.write("There are accounts already: nothing to do.")
            return
        # All or nothing: half a demo without cards could be neither used nor made again.
        with transaction.atomic():
            cards: list[Card] = []
            for story in (school_lab.STORY, bakery.STORY):
                self.stdout.write(
                    f"  {story.name} ({story.id}): {len(story.people)} users, {len(story.groups)} groups,"
                    f" {len(story.roles)} roles, {len(story.policies)} policies"
                )
                cards += tell(story)
            keep(cards)
