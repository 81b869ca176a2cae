"""The users table. A column whose own permission the caller lacks says so in its cells."""

from __future__ import annotations

from collections.abc import Callable

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from iamconsole.ui.icons import icon
from iamconsole.ui.nav import url_or_none
from iamconsole.ui.tables import Column, Table
from iamconsole.ui.templatetags.ui import ui_date, ui_status, ui_time
from identities.user_rows import UserRow

LIST_GROUPS = ("iam:ListGroupsForUser",)
LIST_DEVICES = ("iam:ListMFADevices",)
LIST_KEYS = ("iam:ListAccessKeys",)
USED_KEYS = ("iam:ListAccessKeys", "iam:GetAccessKeyLastUsed")
PROFILE = ("iam:GetLoginProfile",)
NAMED_GROUPS = 2
STALE_DAYS = 30


def access_denied() -> SafeString:
    """What stands where somebody may not look."""
    return ui_status("stopped", "Access denied")


def user_link(name: str, new_tab: bool = False) -> SafeString:
    return _link(reverse("user", args=[name]), name, new_tab)


def group_link(name: str, new_tab: bool = False) -> SafeString:
    url = url_or_none("group", name)
    return _link(url, name, new_tab) if url else format_html("{}", name)


def _link(url: str, name: str, new_tab: bool) -> SafeString:
    """`new_tab` in forms, where a link must not take away what was filled in so far."""
    if new_tab:
        return format_html('<a href="{}" target="_blank" rel="noopener">{} {}</a>', url, name, icon("external"))
    return format_html('<a href="{}">{}</a>', url, name)


def age(days: int | None, none: str) -> object:
    """Days since, as good, old or much too old."""
    if days is None:
        return none
    kind = "success" if days < 90 else "warning" if days <= 365 else "error"
    return ui_status(kind, f"{days} day{'' if days == 1 else 's'}")


def _groups(row: UserRow) -> object:
    if not row.groups:
        return "0"
    links = format_html_join(", ", "{}", ((group_link(name),) for name in row.groups[:NAMED_GROUPS]))
    more = len(row.groups) - NAMED_GROUPS
    return format_html("{} + {} more", links, more) if more > 0 else links


def _activity(row: UserRow) -> object:
    moment = row.last_activity
    if moment is None:
        return "None" if row.has_credentials else "–"
    return ui_status("success" if row.days(moment) < STALE_DAYS else "warning", ui_time(moment))


def _last_sign_in(row: UserRow) -> object:
    if row.profile is None:
        return "None"
    return ui_date(row.last_sign_in, never="Never")


def _keys(row: UserRow) -> object:
    if not row.keys:
        return "–"
    shown = (("Active" if key.active else "Inactive", key.pk, key.pk[:4], key.pk[-4:]) for key in row.keys)
    return format_html_join(", ", '{} - <span title="{}">{}…{}</span>', shown)


def _console(row: UserRow) -> object:
    return ui_status("success", "Enabled") if row.profile else ui_status("stopped", "Disabled")


def _column(
    key: str,
    label: str,
    needs: tuple[str, ...],
    value: Callable[[UserRow], object],
    cell: Callable[[UserRow], object],
    searchable: bool = False,
    default_visible: bool = True,
) -> Column[UserRow]:
    """A column whose values only those know who may do `needs`, in the search and the order of rows as well."""
    return Column(
        key,
        label,
        value=lambda row: value(row) if row.may(*needs) else None,
        cell=lambda row: cell(row) if row.may(*needs) else access_denied(),
        searchable=searchable,
        default_visible=default_visible,
    )


COLUMNS: tuple[Column[UserRow], ...] = (
    Column("user_name", "User name", value=lambda row: row.name, cell=lambda row: user_link(row.name), row_header=True),
    Column("path", "Path", value=lambda row: row.user.path, searchable=False),
    _column("groups", "Groups", LIST_GROUPS, lambda row: ", ".join(row.groups), _groups),
    _column("activity", "Last activity", USED_KEYS, lambda row: row.last_activity, _activity),
    _column(
        "mfa",
        "MFA",
        LIST_DEVICES,
        lambda row: len(row.devices),
        lambda row: ", ".join(sorted({device.kind.type for device in row.devices})) or "–",
    ),
    _column(
        "password_age",
        "Password age",
        PROFILE,
        lambda row: row.password_age,
        lambda row: age(row.password_age, "None"),
    ),
    _column(
        "sign_in",
        "Console last sign-in",
        PROFILE,
        lambda row: row.last_sign_in,
        _last_sign_in,
        default_visible=False,
    ),
    _column(
        "keys",
        "Access key ID",
        LIST_KEYS,
        lambda row: " ".join(key.pk for key in row.keys) or None,
        _keys,
        searchable=True,
    ),
    _column(
        "key_age",
        "Active key age",
        LIST_KEYS,
        lambda row: row.key_age,
        lambda row: age(row.key_age, "–"),
        default_visible=False,
    ),
    _column(
        "key_used",
        "Access key last used",
        USED_KEYS,
        lambda row: row.key_last_used,
        lambda row: ui_time(row.key_last_used, never="None" if row.keys else "–"),
        default_visible=False,
    ),
    Column("arn", "ARN", value=lambda row: row.user.arn, searchable=False, default_visible=False),
    Column(
        "created",
        "Creation time",
        value=lambda row: row.user.created_at,
        cell=lambda row: ui_date(row.user.created_at),
        searchable=False,
        default_visible=False,
    ),
    _column("console", "Console access", PROFILE, lambda row: bool(row.profile), _console, default_visible=False),
    _column(
        "group_count",
        "Group count",
        LIST_GROUPS,
        lambda row: len(row.groups),
        lambda row: str(len(row.groups)),
        default_visible=False,
    ),
)

USERS: Table[UserRow] = Table(
    id="users-table",
    columns=COLUMNS,
    noun="user",
    nouns="users",
    title="Users",
    info="users",
    description="An IAM user is an identity with long-term credentials that is used to interact with an account.",
    select="checkbox",
    sort="user_name",
    filter_text="Find users by name or access key",
    empty_text="There are no users in this account.",
)
