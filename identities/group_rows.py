"""Groups as the user pages offer and list them: with their members and the policies attached to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from accounts.caller import Caller
from iamconsole.operations import door
from iamconsole.operations.errors import AccessDenied
from iamconsole.operations.registry import Target
from iamconsole.ui.tables import Column, Table
from iamconsole.ui.templatetags.ui import ui_time
from identities.models import Group
from identities.queries import groups_overview
from identities.tables_users import access_denied, group_link
from identities.targets import row_target
from policies.models import Attachment


@dataclass(frozen=True)
class GroupRow:
    """One group; `policies` are the names of those attached, None where the caller may not know them."""

    name: str
    members: int
    created: datetime
    policies: list[str] | None


def all_groups(caller: Caller) -> tuple[list[GroupRow], AccessDenied | None]:
    """Every group of the account, or the refusal of iam:ListGroups."""
    try:
        door.authorize(caller, "iam:ListGroups", Target(f"arn:aws:iam::{caller.account_id}:group/"))
    except AccessDenied as denied:
        return [], denied
    return group_rows(caller, groups_overview(caller.account_id)), None


def group_rows(caller: Caller, groups: Iterable[Group]) -> list[GroupRow]:
    """Rows of groups that were counted by `groups_overview`; the policies of all of them in one query."""
    attached: dict[str, list[str]] = defaultdict(list)
    pairs = Attachment.objects.of(caller.account_id).filter(group__isnull=False).values_list("group_id", "policy_arn")
    for group_id, arn in pairs:
        attached[group_id].append(policy_name(arn))
    return [_row(caller, group, attached[group.pk]) for group in groups]


def _row(caller: Caller, group: Group, attached: list[str]) -> GroupRow:
    allowed = door.decide(caller, "iam:ListAttachedGroupPolicies", row_target(group)).allowed
    members: int = getattr(group, "member_count", 0)
    return GroupRow(group.name, members, group.created_at, sorted(attached, key=str.lower) if allowed else None)


def policy_name(arn: str) -> str:
    return arn.rsplit("/", 1)[-1]


def few(names: list[str] | None) -> object:
    """Some names: the first, and how many more."""
    if names is None:
        return access_denied()
    return f"{names[0]} and {len(names) - 1} more" if len(names) > 1 else "".join(names)


POLICIES: Column[GroupRow] = Column(
    "policies", "Attached policies", value=lambda row: ", ".join(row.policies or ()), cell=lambda row: few(row.policies)
)
CREATED: Column[GroupRow] = Column(
    "created", "Created", value=lambda row: row.created, cell=lambda row: ui_time(row.created), searchable=False
)
NAME: Column[GroupRow] = Column(
    "name", "Group name", value=lambda row: row.name, cell=lambda row: group_link(row.name), row_header=True
)

GROUP_CHOICES: Table[GroupRow] = Table(
    id="group-choices",
    columns=(
        Column("name", "Group name", cell=lambda row: group_link(row.name, new_tab=True), row_header=True),
        Column("members", "Users", value=lambda row: row.members, searchable=False),
        POLICIES,
        CREATED,
    ),
    noun="user group",
    nouns="user groups",
    title="User groups",
    select="checkbox",
    sort="name",
    prefix="groups-",
    filter_text="Search user groups",
    empty_text="Create a group, and choose the permissions its users get.",
)

USER_GROUPS: Table[GroupRow] = Table(
    id="user-groups",
    columns=(NAME, POLICIES),
    noun="user group",
    nouns="user groups",
    title="User groups membership",
    description="A user gets the permissions of every group it is in. It can be in at most 10 groups.",
    select="checkbox",
    sort="name",
    filter_text="Search user groups",
    empty_text="This user does not belong to any group.",
)
