"""`manage.py api_coverage`: write the help topic on which AWS operations are served."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from iamconsole.api import coverage


class Command(BaseCommand):
    help = "Write iamconsole/help/api-coverage.md from AWS's service models and the operations registered here."

    def handle(self, *args: object, **options: object) -> None:
        coverage.PLACE.parent.mkdir(exist_ok=True)
        coverage.PLACE.write_text(coverage.markdown(), "utf-8")
        self.stdout.write(f"{coverage.PLACE} written")
