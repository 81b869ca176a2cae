"""What is asked: who, which action, on which resource, in which circumstances."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from policies.engine import arn
from policies.engine.principal import Principal

_WITHOUT_OWNER = ("", "aws")


@dataclass(frozen=True)
class Request:
    """One request; in the context a `str` is a single-valued key, a list or tuple a multivalued one.

    Options known to the engine: `wildcard_only_action` (the action has no resource types), `s3` with
    `block_public_access`, `get_session_token` (the user acts with credentials from GetSessionToken), and
    `aws_managed_key` (the resource is a KMS key that AWS manages).
    """

    principal: Principal
    action: str
    resource: str
    resource_account: str = ""
    context: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    options: Mapping[str, object] = field(default_factory=dict)

    action_key: str = field(init=False, repr=False, compare=False)
    """The action as it is compared: in lower case."""
    target: str = field(init=False, repr=False, compare=False)
    """The resource as it is compared: an action without resource types asks for `*`."""
    owner: str = field(init=False, repr=False, compare=False)
    """The account that owns the resource; what AWS itself owns counts as the caller's own."""

    def __post_init__(self) -> None:
        derived = self.__dict__
        derived["action_key"] = self.action.lower()
        derived["target"] = "*" if self.options and self.options.get("wildcard_only_action") else self.resource
        account = self.resource_account or arn.account_of(self.resource)
        derived["owner"] = self.principal.account_id if account in _WITHOUT_OWNER else account

    @cached_property
    def keys(self) -> dict[str, str | tuple[str, ...]]:
        """The context by key name in lower case; a list without values is as good as absent."""
        return {
            name.lower(): value if isinstance(value, str) else tuple(value)
            for name, value in self.context.items()
            if value or value == ""
        }

    @property
    def service(self) -> str:
        return self.action_key.partition(":")[0]
