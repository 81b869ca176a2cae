"""What several nouns' operations share: free names, moves, deletions that must wait, a second permission."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.db.models.functions import Lower

from iamconsole.operations import door
from iamconsole.operations.call import Call
from iamconsole.operations.errors import AccessDenied, DeleteConflict, EntityAlreadyExists, InvalidInput
from iamconsole.operations.paging import page_after, page_by
from iamconsole.operations.registry import ContextValue, Result, Target
from identities.models import Group, Identity, Role, Tags, User
from identities.queries import maybe
from identities.tags import TagKeys
from identities.targets import row_target
from policies import queries
from policies.engine import denial_message, reason_text

Named = TypeVar("Named", bound=Identity)


def free_name(call: Call, kind: type[Identity], name: str, mover: Identity | None = None) -> None:
    """No other user, group or role has the name. Raises AWS's EntityAlreadyExists."""
    holder = maybe(kind, call.account_id, name)
    if holder is not None and holder != mover:
        raise EntityAlreadyExists(f"{kind.__name__} with name {name} already exists.")


def move(call: Call, action: str, row: User | Group, name: str | None, path: str | None) -> None:
    """Give a user or group another name or path; its id stays. Asks for the permission on the new ARN too, as AWS."""
    row.name, row.path = name or row.name, path or row.path
    free_name(call, type(row), row.name, mover=row)
    need_also(call, action, row_target(row))
    row.save(update_fields=["name", "path"])


def need_also(call: Call, action: str, target: Target, context: Mapping[str, ContextValue] | None = None) -> None:
    """A permission on a second resource. Raises AccessDenied."""
    verdict = door.decide(call.caller, action, target, context, now=call.now)
    if verdict.decision is None or verdict.allowed:
        return
    raise AccessDenied(
        denial_message(call.caller.arn, action, target.shown, verdict.decision),
        verdict.decision,
        caller_arn=call.caller.arn,
        action=action,
        resource=target.shown,
        reason=reason_text(verdict.decision, action),
        event_id=str(call.id),
    )


def must_be_gone(*obstacles: tuple[QuerySet[Any], str]) -> None:
    """AWS's DeleteConflict for the first kind of thing that is still there, with what to do about it."""
    for rows, remedy in obstacles:
        if rows.exists():
            raise DeleteConflict(f"Cannot delete entity, must {remedy} first.")


def boundary_arn(row: User | Role) -> str:
    """The permissions boundary of a user or role; empty when it has none."""
    return queries.boundary_arn(row) or ""


def no_sign_in_duration(*given: object) -> None:
    """Console sessions last twelve hours here for everybody: a limit of one's own is refused, not ignored."""
    if any(given):
        raise InvalidInput("MaxSigninSessionDuration is not supported.")


def page_by_name(
    call: Call,
    member: str,
    rows: QuerySet[Any, Named],
    show: Callable[[Named], object],
    marker: str | None,
    max_items: int | None,
) -> Result:
    """One page of `listed` users, groups and the like; who deletes while listing misses none."""

    def fetch(after: str, count: int) -> Sequence[Named]:
        return list(rows.alias(lower_name=Lower("name")).filter(lower_name__gt=after)[:count])

    def key(row: Named) -> str:
        return row.name.lower()

    return page_after(call.account_id, member, fetch, show, key, marker=marker, max_items=max_items)


def page_of_tags(call: Call, tags: Tags, keys: TagKeys, marker: str | None, max_items: int | None) -> Result:
    """One page of the tags of a resource."""

    def place(tag: Mapping[str, str]) -> str:
        return keys.order(tag["Key"])

    return page_by(call.account_id, "Tags", tags, dict, place, marker=marker, max_items=max_items)
