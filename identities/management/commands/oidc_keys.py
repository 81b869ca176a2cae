"""`manage.py oidc_keys PROVIDER_ARN FILE`: tell the public keys of an OpenID Connect provider."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import CommandError

from accounts.caller import system_caller
from iamconsole.management.stored import StoredCommand
from iamconsole.operations import door
from iamconsole.operations.errors import ApiError


class Command(StoredCommand):
    help = (
        "Keep the public keys (a JWK set) of an OpenID Connect provider: tokens for AssumeRoleWithWebIdentity are "
        "verified with them. AWS downloads them from the provider; this installation fetches nothing, so fetch the "
        "provider's jwks_uri yourself, and again when its keys change."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("arn", help="the provider's ARN")
        parser.add_argument("file", help="the key set; `-` is standard input")

    def handle(self, *args: object, arn: str, file: str, **options: object) -> None:
        parts = arn.split(":")
        if len(parts) < 6:
            raise CommandError(f"`{arn}` is no ARN.")
        try:
            text = sys.stdin.read() if file == "-" else Path(file).read_text("utf-8")
            given = {"OpenIDConnectProviderArn": arn, "KeySet": text}
            made = door.perform(system_caller(parts[4]), "iamconsole:PutOpenIDConnectProviderKeys", given)
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"The key set cannot be read: {error}") from None
        except ApiError as error:
            raise CommandError(error.message) from None
        self.stdout.write(f"Keys of {arn}: {made['KeyIds']}")
