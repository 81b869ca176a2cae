"""What is asked: who, which action, on which resource, in which circumstances."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from policies.engine import arn
from policies.engine.principal import Principal

_WITHOUT_OWNER = ("", "aws")


_NO_CONTEXT: Mapping[str, str | Sequence[str]] = {}
_NO_OPTIONS: Mapping[str, object] = {}


@dataclass(slots=True, init=False)
class Request:
    """One request, a value; in the context a `str` is a single-valued key, a list or tuple a multivalued one.

    Options known to the engine: `wildcard_only_action` (the action has no resource types), `s3` with
    `block_public_access`, `get_session_token` (the user acts with credentials from GetSessionToken), and
    `aws_managed_key` (the resource is a KMS key that AWS manages).
    """

    principal: Principal
    action: str
    resource: str
    resource_account: str
    context: Mapping[str, str | Sequence[str]]
    options: Mapping[str, object]

    action_key: str = field(repr=False, compare=False)
    """The action as it is compared: in lower case."""
    target: str = field(repr=False, compare=False)
    """The resource as it is compared: an action without resource types asks for `*`."""
    owner: str = field(repr=False, compare=False)
    """The account that owns the resource; what AWS itself owns counts as the caller's own."""
    cross_account: bool = field(repr=False, compare=False)
    """Whether the resource belongs to another account than the caller's; a caller without account has no side."""
    _keys: dict[str, str | tuple[str, ...]] | None = field(repr=False, compare=False)

    def __init__(
        self,
        principal: Principal,
        action: str,
        resource: str,
        resource_account: str = "",
        context: Mapping[str, str | Sequence[str]] = _NO_CONTEXT,
        options: Mapping[str, object] = _NO_OPTIONS,
    ) -> None:
        # Written out: a frozen dataclass takes longer to be made than the decision on it.
        self.principal = principal
        self.action = action
        self.resource = self.target = resource
        self.resource_account = resource_account
        self.context = context
        self.options = options
        self.action_key = action.lower()
        self._keys = None
        if options and options.get("wildcard_only_action"):
            self.target = "*"
        own, account = principal.account_id, resource_account or arn.account_of(resource)
        self.owner = owner = own if account in _WITHOUT_OWNER else account
        self.cross_account = own != "" and own != owner

    @property
    def keys(self) -> dict[str, str | tuple[str, ...]]:
        """The context by key name in lower case, made when asked for; a list without values is as good as absent."""
        if self._keys is None:
            self._keys = {
                name.lower(): value if isinstance(value, str) else tuple(value)
                for name, value in self.context.items()
                if value or value == ""
            }
        return self._keys

    @property
    def service(self) -> str:
        """The prefix of the action, in lower case."""
        return self.action_key.partition(":")[0]
