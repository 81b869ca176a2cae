"""One call as an operation sees it: who, in which account, when."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from accounts.caller import Caller


@dataclass(frozen=True)
class Call:
    """Given to every operation as its first argument; `now` is the only clock an operation reads."""

    caller: Caller
    now: datetime
    id: UUID = field(default_factory=uuid4)

    @property
    def account_id(self) -> str:
        return self.caller.account_id
