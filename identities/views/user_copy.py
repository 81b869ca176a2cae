"""Users whose permissions can be copied."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from accounts.caller import Caller
from iamconsole.operations import door
from iamconsole.operations.errors import AccessDenied
from iamconsole.operations.registry import Target
from iamconsole.ui.tables import Column, Table
from identities.group_rows import few, policy_name
from identities.tables_users import LIST_GROUPS, access_denied, user_link
from identities.user_rows import UserRow, user_rows
from policies.models import Attachment


@dataclass(frozen=True)
class CopyRow:
    """One user with its groups and attached policies, None where the caller may not know them."""

    name: str
    groups: list[str] | None
    policies: list[str] | None


def copy_rows(caller: Caller) -> tuple[list[CopyRow], AccessDenied | None]:
    """Every user of the account, or the refusal of iam:ListUsers."""
    try:
        door.authorize(caller, "iam:ListUsers", Target(f"arn:aws:iam::{caller.account_id}:user/"))
    except AccessDenied as denied:
        return [], denied
    attached: dict[str, list[str]] = defaultdict(list)
    pairs = Attachment.objects.of(caller.account_id).filter(user__isnull=False).values_list("user_id", "policy_arn")
    for user_id, arn in pairs:
        attached[user_id].append(policy_name(arn))
    return [_row(row, attached[row.user.pk]) for row in user_rows(caller)], None


def _row(row: UserRow, attached: list[str]) -> CopyRow:
    policies = sorted(attached, key=str.lower) if row.may("iam:ListAttachedUserPolicies") else None
    return CopyRow(row.name, row.groups if row.may(*LIST_GROUPS) else None, policies)


COPY_CHOICES: Table[CopyRow] = Table(
    id="copy-choices",
    columns=(
        Column("name", "User name", cell=lambda row: user_link(row.name, new_tab=True), row_header=True),
        Column(
            "groups",
            "Groups",
            value=lambda row: ", ".join(row.groups or ()),
            cell=lambda row: access_denied() if row.groups is None else ", ".join(row.groups),
        ),
        Column(
            "policies",
            "Attached policies",
            value=lambda row: ", ".join(row.policies or ()),
            cell=lambda row: few(row.policies),
        ),
    ),
    noun="user",
    nouns="users",
    title="Copy permissions from",
    select="radio",
    sort="name",
    prefix="copy-",
    filter_text="Search users",
    empty_text="There is no user to copy permissions from.",
)
