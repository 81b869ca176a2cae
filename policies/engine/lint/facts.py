"""What the linter wants to know of AWS's services; the engine never imports a catalogue, it is handed one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol


class CatalogFacts(Protocol):
    """The service reference; `policies.catalog.facts` has one. Names are compared without case."""

    def service_prefixes(self) -> Collection[str]: ...

    def action_names(self, service: str) -> Sequence[str]:
        """Canonical names without the prefix; empty for an unknown service."""

    def resource_patterns(self, action: str) -> Sequence[str]:
        """ARN patterns (`arn:${Partition}:s3:::${BucketName}`) an action works on; empty when it only takes "*"."""

    def action_condition_keys(self, action: str) -> Sequence[str]:
        """The keys an action knows beside the global ones, in lower case."""

    def condition_key_type(self, key: str) -> str | None:
        """String, ArrayOfString, ARN, Bool, Numeric, Date, IPAddress …; None for an unknown key."""

    def service_condition_keys(self, service: str) -> Sequence[str]: ...
