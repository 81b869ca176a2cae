"""A user not made yet: what the wizard was told, in the session under the wizard's token."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

from accounts.http import ConsoleRequest
from iamconsole.operations.secrets import Secret
from iamconsole.sealing import SealBroken, seal, unseal

KEY = "user_drafts"
KEPT = 5


@dataclass
class Draft:
    """The answers of the three steps; `step` is the furthest one reached.

    Once the user is being made, `done` holds the keys of the calls that went through and `failed` what the others said.
    """

    step: int = 1
    name: str = ""
    console: bool = False
    kind: str = "auto"
    sealed_password: str = ""
    reset: bool = True
    option: str = "groups"
    groups: list[str] = field(default_factory=list)
    copy_from: str = ""
    policies: list[str] = field(default_factory=list)
    bounded: bool = False
    boundary: str = ""
    tags: list[list[str]] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    failed: list[dict[str, str]] = field(default_factory=list)

    @property
    def made(self) -> bool:
        return "user" in self.done


def read(request: ConsoleRequest, token: str) -> Draft | None:
    """The draft; None when there is none (any more)."""
    saved = request.session.get(KEY, {}).get(token)
    return Draft(**saved) if saved else None


def keep(request: ConsoleRequest, token: str, draft: Draft) -> None:
    """Keep it as the newest; the oldest give way."""
    others = {name: other for name, other in request.session.get(KEY, {}).items() if name != token}
    newest = list(others.items())[-(KEPT - 1) :]
    request.session[KEY] = {**dict(newest), token: asdict(draft)}


def drop(request: ConsoleRequest, token: str) -> None:
    request.session[KEY] = {name: draft for name, draft in request.session.get(KEY, {}).items() if name != token}


def seal_password(password: Secret, token: str) -> str:
    """A custom password waits sealed: it is never in the session in clear."""
    return seal(password, f"user_draft|{token}")


def unseal_password(draft: Draft, token: str) -> Secret | None:
    """The custom password; None where none was chosen, or it cannot be read any more."""
    if draft.kind != "custom" or not draft.sealed_password:
        return None
    try:
        return unseal(draft.sealed_password, f"user_draft|{token}")
    except SealBroken:
        return None
