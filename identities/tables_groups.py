"""The tables of the group pages: the list of groups, a group's users, users to put into a group."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from accounts.caller import Caller
from iamconsole.operations import door
from iamconsole.ui.tables import Column, Table
from iamconsole.ui.templatetags.ui import ui_date, ui_status
from identities.models import Group
from identities.queries import groups_overview
from identities.tables_users import COLUMNS, access_denied, group_link
from identities.targets import row_target
from identities.user_rows import UserRow
from policies.models import Attachment, InlinePolicy


@dataclass(eq=False)
class ListedGroup:
    """One group in the list; what the caller may not know of it is None."""

    caller: Caller
    group: Group
    has_policies: bool

    @property
    def name(self) -> str:
        return self.group.name

    def _may(self, *actions: str) -> bool:
        return all(door.decide(self.caller, action, row_target(self.group)).allowed for action in actions)

    @cached_property
    def users(self) -> int | None:
        members: int = getattr(self.group, "member_count", 0)
        return members if self._may("iam:GetGroup") else None

    @cached_property
    def permissions(self) -> str | None:
        if not self._may("iam:ListAttachedGroupPolicies", "iam:ListGroupPolicies"):
            return None
        return "Defined" if self.has_policies else "Not defined"


def listed_groups(caller: Caller) -> list[ListedGroup]:
    """The groups of the caller's account, by name. Whoever calls this was allowed to list them."""
    attached, inline = Attachment.objects.of(caller.account_id), InlinePolicy.objects.of(caller.account_id)
    with_policies = {pk for rows in (attached, inline) for pk in rows.values_list("group_id", flat=True)}
    return [ListedGroup(caller, group, group.pk in with_policies) for group in groups_overview(caller.account_id)]


def _users_cell(row: ListedGroup) -> object:
    if row.users is None:
        return access_denied()
    return str(row.users) if row.users else ui_status("warning", "0")


def _permissions_cell(row: ListedGroup) -> object:
    if row.permissions is None:
        return access_denied()
    return ui_status("success" if row.has_policies else "warning", row.permissions)


GROUPS: Table[ListedGroup] = Table(
    id="groups-table",
    columns=(
        Column(
            "group_name",
            "Group name",
            value=lambda row: row.name,
            cell=lambda row: group_link(row.name),
            row_header=True,
        ),
        Column("users", "Users", value=lambda row: row.users, cell=_users_cell, searchable=False),
        Column(
            "permissions",
            "Permissions",
            value=lambda row: row.permissions,
            cell=_permissions_cell,
            searchable=False,
        ),
        Column(
            "created",
            "Creation time",
            value=lambda row: row.group.created_at,
            cell=lambda row: ui_date(row.group.created_at),
            searchable=False,
        ),
        Column("path", "Path", value=lambda row: row.group.path, searchable=False, default_visible=False),
        Column("arn", "ARN", value=lambda row: row.group.arn, searchable=False, default_visible=False),
    ),
    noun="user group",
    nouns="user groups",
    title="User groups",
    info="groups",
    description="A user group is a collection of IAM users. Use groups to give permissions to a collection of users.",
    select="checkbox",
    sort="group_name",
    filter_text="Find user groups by name",
    empty_text="There are no user groups in this account.",
)


def _user_columns(*keys: str) -> Iterator[Column[UserRow]]:
    """Columns of the users list, shown without asking."""
    for column in COLUMNS:
        if column.key in keys:
            yield replace(column, default_visible=True)


_USERS: Table[UserRow] = Table(
    id="group-users",
    columns=tuple(_user_columns("user_name", "groups", "activity", "created")),
    noun="user",
    nouns="users",
    title="Users in this group",
    description="An IAM user is an entity with long-term credentials that gets the permissions of its groups.",
    select="checkbox",
    sort="user_name",
    filter_text="Find users by name",
    empty_text="No users are in this group yet.",
)
GROUP_USERS = _USERS
USER_CHOICES: Table[UserRow] = replace(
    _USERS,
    id="user-choices",
    title="Other users in this account",
    description="They get the permissions of the group as soon as they are in it.",
    prefix="users-",
    empty_text="Every user of this account is in the group already.",
)
NEW_GROUP_USERS: Table[UserRow] = replace(
    USER_CHOICES,
    title="Add users to the group - Optional",
    empty_text="There are no users in this account.",
)
