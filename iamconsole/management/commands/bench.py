"""`manage.py bench [WORD…]`: measure the figures whose names begin so, one JSON line each."""

from __future__ import annotations

import json
import platform
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from iamconsole.bench.registry import figures


class Command(BaseCommand):
    help = "Run the benchmarks and print one JSON line for each figure."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("figures", nargs="*", help="beginnings of names, for example `engine`")

    def handle(self, *args: object, **options: list[str]) -> None:
        found = list(figures(options["figures"]))
        if not found:
            raise CommandError(f"no figure begins with {' or '.join(options['figures']) or 'anything'}")
        for one in found:
            line = {"figure": one.name, "value": round(one.measure(), 3), "unit": one.unit, "about": one.about}
            self.stdout.write(json.dumps({**line, "python": platform.python_version()}))
            self.stdout.flush()
