"""Users, groups and roles as what policies are put on: one shape for the three kinds of AWS's operations."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from iamconsole.ui.nav import url_or_none
from policies.crumbs import iam_crumb

PLURALS = {"user": "users", "group": "groups", "role": "roles"}
KINDS = {plural: kind for kind, plural in PLURALS.items()}
LIST_TITLES = {"user": "Users", "group": "User groups", "role": "Roles"}
PAGES = {"user": "user", "group": "group-permissions", "role": "role"}
# Non-white characters of all inline policies together (IAM quotas).
INLINE_QUOTAS = {"user": 2048, "group": 5120, "role": 10240}


@dataclass(frozen=True)
class Holder:
    """One user, group or role, by name; `operation("Attach{}Policy")` is AWS's operation for its kind."""

    kind: str
    name: str

    @property
    def noun(self) -> str:
        """`User`, `Group` or `Role`, as in AWS's operation and member names."""
        return self.kind.capitalize()

    @property
    def shown_noun(self) -> str:
        return "user group" if self.kind == "group" else self.kind

    @property
    def member(self) -> dict[str, object]:
        """The input that names it."""
        return {f"{self.noun}Name": self.name}

    def operation(self, pattern: str) -> str:
        return "iam:" + pattern.format(self.noun)

    def given(self, **more: object) -> dict[str, object]:
        return {**self.member, **more}

    @property
    def url(self) -> str:
        """The page that shows its permissions."""
        return url_or_none(PAGES[self.kind], self.name) or "/iam/"

    def action_url(self, route: str, *more: str) -> str:
        """The address of one of the pages of this app about it."""
        return reverse(route, args=[PLURALS[self.kind], self.name, *more])

    @property
    def crumbs(self) -> list[tuple[str, str | None]]:
        kind = LIST_TITLES[self.kind]
        return [iam_crumb(), (kind, url_or_none(PLURALS[self.kind])), (self.name, self.url)]

    @property
    def inline_quota(self) -> int:
        return INLINE_QUOTAS[self.kind]

    @property
    def can_be_bounded(self) -> bool:
        return self.kind != "group"


def holder_of(plural: str, name: str) -> Holder:
    """The holder behind the two parts of an address."""
    return Holder(KINDS[plural], name)
