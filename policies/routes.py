"""What the addresses of the policies pages hold: an ARN, or the kind of an identity."""

from __future__ import annotations

from django.urls import register_converter

from policies.holders import KINDS


class ArnConverter:
    """A whole ARN, its slashes included."""

    regex = r"arn:.+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class HolderConverter:
    """`users`, `groups` or `roles`."""

    regex = "|".join(KINDS)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(ArnConverter, "arn")
register_converter(HolderConverter, "holders")
