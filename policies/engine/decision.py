"""What the engine answers: an outcome, the layer that decided, and the statements that applied."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple


class Outcome(Enum):
    """The three results, spelled as AWS spells them."""

    ALLOWED = "Allowed"
    IMPLICITLY_DENIED = "ImplicitlyDenied"
    EXPLICITLY_DENIED = "ExplicitlyDenied"


class Layer(Enum):
    """The policy types, and two reasons that are no policy."""

    IDENTITY = "identity"
    RESOURCE = "resource"
    BOUNDARY = "boundary"
    SESSION = "session"
    SCP = "scp"
    RCP = "rcp"
    ENDPOINT = "vpce"
    ROOT = "root"
    DEFAULT = "default"

    # Members compare by identity, so they may hash by it: the inherited hash is slow Python code.
    __hash__ = object.__hash__


class SourceKind(Enum):
    """What kind of policy a statement comes from; a group's policies say so in `attached_to`."""

    AWS_MANAGED = "aws-managed"
    CUSTOMER_MANAGED = "customer-managed"
    INLINE = "inline"
    BOUNDARY = "boundary"
    SESSION = "session"
    RESOURCE = "resource"
    TRUST = "trust"
    SCP = "scp"
    RCP = "rcp"
    ENDPOINT = "vpce"


@dataclass(frozen=True)
class Source:
    """Where a policy comes from, such as version v3 of a managed policy attached to `group Auditors`."""

    kind: SourceKind
    name: str
    arn: str = ""
    version: str = ""
    attached_to: str = ""

    def to_dict(self) -> dict[str, object]:
        """The same as plain JSON values."""
        return {
            "kind": self.kind.value,
            "name": self.name,
            "arn": self.arn,
            "version": self.version,
            "attached_to": self.attached_to,
        }


@dataclass(frozen=True)
class MatchedStatement:
    """A statement that applied to the request."""

    source: Source
    index: int
    sid: str
    effect: str

    def to_dict(self) -> dict[str, object]:
        """Source, number (from 0), Sid and effect, as plain JSON values."""
        return {"source": self.source.to_dict(), "index": self.index, "sid": self.sid, "effect": self.effect}


class Decision(NamedTuple):
    """The answer; `layer` decided it, and for an implicit deny it is the policy type that lacked an Allow.

    `resource_match` says how the resource policy reached the caller: direct, role, account, or not at all.
    """

    outcome: Outcome
    layer: Layer
    matched: tuple[MatchedStatement, ...] = ()
    cross_account: bool = False
    resource_match: str = ""

    @property
    def allowed(self) -> bool:
        """Whether the outcome is Allowed."""
        return self.outcome is Outcome.ALLOWED

    @property
    def deciding(self) -> tuple[MatchedStatement, ...]:
        """The statements with the effect that decided; none for an implicit deny."""
        wanted = {Outcome.ALLOWED: "Allow", Outcome.EXPLICITLY_DENIED: "Deny"}.get(self.outcome)
        return tuple(statement for statement in self.matched if statement.effect == wanted)

    def to_dict(self) -> dict[str, object]:
        """The decision as plain JSON values, under the keys an explanation has for them."""
        return {
            "decision": self.outcome.value,
            "decided_by": self.layer.value,
            "cross_account": self.cross_account,
            "resource_match": self.resource_match,
            "matched": [each.to_dict() for each in self.deciding],
        }
