"""The list of operations: one function each, registered under AWS's own name by a decorator. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from iamconsole.operations.errors import InvalidAction

if TYPE_CHECKING:
    from accounts.caller import Caller

Inputs = Mapping[str, object]
ContextValue = str | Sequence[str]
Result = dict[str, object]

READS = ("Get", "List", "Simulate", "Generate", "Decode")


@dataclass(frozen=True)
class Target:
    """What a call is about: the resource its permission is decided on.

    `label` is how AWS names it in a refusal where that is not the ARN (`user dana` for a user asked for by name).
    """

    arn: str
    label: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    type: str = ""
    name: str = ""
    # The account that owns it, where that is not the caller's; and the policy it carries itself (a role's trust).
    account_id: str = ""
    policy: str = ""

    @property
    def shown(self) -> str:
        return self.label or self.arn


Resolve = Callable[["Asked"], Target]
Context = Callable[["Asked"], Mapping[str, ContextValue]]
Also = Callable[["Asked"], Sequence[str]]
Guard = Callable[["Asked"], None]
Identify = Callable[["Asked"], "Caller"]


@dataclass(frozen=True)
class Asked:
    """What a resolver sees of a call: who asks, in which account, with which (checked) inputs by AWS member name."""

    caller: Caller
    inputs: Inputs
    now: datetime

    @property
    def account_id(self) -> str:
        return self.caller.account_id

    @property
    def caller_name(self) -> str:
        return self.caller.name

    @property
    def caller_is_root(self) -> bool:
        return self.caller.is_root

    def text(self, member: str) -> str:
        """An input as text; empty when it was not given."""
        value = self.inputs.get(member)
        return value if isinstance(value, str) else ""


def anything(asked: Asked) -> Target:
    """The target of operations that are about no one resource: `*`."""
    return Target("*")


def no_context(asked: Asked) -> Mapping[str, ContextValue]:
    return {}


def nothing_else(asked: Asked) -> Sequence[str]:
    return ()


def no_guard(asked: Asked) -> None:
    return None


@dataclass(frozen=True)
class Operation:
    """One named AWS operation: what it does, on which resource and with which context its permission is decided."""

    name: str
    run: Callable[..., Result]
    resource: Resolve = anything
    context: Context = no_context
    also: Also = nothing_else
    identify: Identify | None = None
    action: str = ""
    guard: Guard = no_guard

    @property
    def permission(self) -> str:
        """The action that policies speak of."""
        return self.action or self.name

    @property
    def service(self) -> str:
        return self.name.partition(":")[0]

    @property
    def verb(self) -> str:
        return self.name.partition(":")[2]

    @property
    def read_only(self) -> bool:
        """Whether it leaves identities and policies as they are; STS hands out credentials, but stores none."""
        return self.service == "sts" or self.verb.startswith(READS)

    @property
    def summary(self) -> str:
        """The operation's one sentence, shown in the interface."""
        return (self.run.__doc__ or "").strip().splitlines()[0]


_operations: dict[str, Operation] = {}


def operation(
    name: str,
    *,
    resource: Resolve = anything,
    context: Context = no_context,
    also: Also = nothing_else,
    identify: Identify | None = None,
    action: str = "",
    guard: Guard = no_guard,
) -> Callable[[Callable[..., Result]], Callable[..., Result]]:
    """Register a function as the operation `name` (`service:Verb`); a second one under the same name is refused.

    `also` names the further actions a call needs, decided on the same resource in the same circumstances.
    `identify` is for calls that nobody signs: the caller is who a token among the inputs says.
    `action` is the permission an operation of the console's own takes, where AWS has the permission but no such call.
    `guard` counts tries: it runs once the call is permitted and before its transaction, so that what it writes stays.
    """

    def register(run: Callable[..., Result]) -> Callable[..., Result]:
        if name in _operations:
            raise ValueError(f"{name} is registered twice")
        _operations[name] = Operation(name, run, resource, context, also, identify, action, guard)
        return run

    return register


def get(name: str) -> Operation:
    """The operation called `name`; AWS's InvalidAction where there is none."""
    try:
        return _operations[name]
    except KeyError:
        verb = name.partition(":")[2]
        raise InvalidAction(f"Could not find operation {verb} for version 2010-05-08") from None


def every() -> Iterator[Operation]:
    """All operations by name."""
    return iter(sorted(_operations.values(), key=lambda each: each.name))
