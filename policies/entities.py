"""Users, groups and roles as the pages of one policy list them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from accounts.caller import Caller
from iamconsole.operations import door
from iamconsole.operations.errors import AccessDenied
from policies.holders import Holder

KINDS = {"User": "User", "Group": "User group", "Role": "Role"}


@dataclass(frozen=True)
class Entity:
    """One of them; `kind` is User, Group or Role."""

    kind: str
    name: str

    @property
    def id(self) -> str:
        return f"{self.kind}:{self.name}"

    @property
    def kind_text(self) -> str:
        return KINDS[self.kind]

    @property
    def holder(self) -> Holder:
        return Holder(self.kind.lower(), self.name)

    @property
    def url(self) -> str:
        return self.holder.url

    @property
    def shown(self) -> str:
        return f"{self.kind_text.lower()} {self.name}"


def from_id(text: str) -> Entity | None:
    """The entity behind a row's id; None for anything else that a form may carry."""
    kind, _, name = text.partition(":")
    return Entity(kind, name) if kind in KINDS and name else None


def using(caller: Caller, arn: str, usage: str) -> tuple[list[Entity], AccessDenied | None]:
    """Who uses a policy, as PermissionsPolicy or PermissionsBoundary; or the refusal of ListEntitiesForPolicy."""
    found: list[Entity] = []
    marker: object = None
    while True:
        given = {"PolicyArn": arn, "PolicyUsageFilter": usage, "MaxItems": 1000, "Marker": marker}
        answer = door.ask(caller, "iam:ListEntitiesForPolicy", given)
        if answer.denied:
            return [], answer.denied
        for kind in KINDS:
            found += _entities(kind, answer.result.get(f"Policy{kind}s"))
        marker = answer.result.get("Marker")
        if marker is None:
            return found, None


def everybody(caller: Caller) -> tuple[list[Entity], list[AccessDenied]]:
    """All users, groups and roles that the caller may list, and the refusals for those it may not."""
    found: list[Entity] = []
    refused: list[AccessDenied] = []
    for kind in KINDS:
        answer = door.ask_all(caller, f"iam:List{kind}s", f"{kind}s")
        if answer.denied:
            refused.append(answer.denied)
        found += _entities(kind, answer.result.get(f"{kind}s"))
    return found, refused


def _entities(kind: str, rows: object) -> list[Entity]:
    found: list[Mapping[str, object]] = rows if isinstance(rows, list) else []
    return [Entity(kind, str(row[f"{kind}Name"])) for row in found]
