"""Where the rotation of somebody's access keys stands, read from the keys themselves: once left, it goes on there.

Source: IAM user guide, "Update access keys": create a second key, move to it, watch the first one's last use,
deactivate it, delete it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

# AWS's advice; Security Hub and Config call keys older than this a finding.
OLD = timedelta(days=90)


class Step(IntEnum):
    """What comes next."""

    CREATE = 1
    MOVE = 2
    DEACTIVATE = 3
    DELETE = 4


STEPS = ("Create a second key", "Move to the new key", "Deactivate the old key", "Delete the old key")


@dataclass(frozen=True)
class Key:
    """What a rotation has to know of a key."""

    id: str
    active: bool
    created: datetime
    used: datetime | None = None

    def age(self, now: datetime) -> timedelta:
        return now - self.created


@dataclass(frozen=True)
class Rotation:
    """The key that goes, the one that comes, and the step between them."""

    step: Step
    old: Key | None = None
    new: Key | None = None

    @property
    def new_is_used(self) -> bool:
        return self.new is not None and self.new.used is not None

    @property
    def old_is_still_used(self) -> bool:
        """Used since there is another key."""
        return bool(self.old and self.new and self.old.used and self.old.used > self.new.created)

    @property
    def turned_around(self) -> bool:
        """The newer key is off and the older one on: switched off in the wrong order, or turned back."""
        return bool(self.old and self.new and self.old.active and not self.new.active)


def rotation_of(keys: Sequence[Key]) -> Rotation:
    """Of two keys the older one is to go."""
    if len(keys) < 2:
        return Rotation(Step.CREATE, keys[0] if keys else None)
    old, new = sorted(keys, key=lambda key: (key.created, key.id))[:2]
    if not old.active:
        return Rotation(Step.DELETE, old, new)
    moved = Rotation(Step.DEACTIVATE, old, new)
    ready = new.active and moved.new_is_used and not moved.old_is_still_used
    return moved if ready else Rotation(Step.MOVE, old, new)
