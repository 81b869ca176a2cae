"""Choosing managed policies inside a form: search, filter and pages without losing what was chosen before."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cached_property

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.http import ConsoleRequest, signed_in
from iamconsole.operations.errors import AccessDenied
from iamconsole.ui.tables import page_window
from policies.managed_rows import TYPES, ManagedRow, managed_rows

PAGE_SIZE = 20
SELECTED = "selected"


@dataclass
class PolicyPicker:
    """What `policies/_policy_picker.html` draws, with `picker` as its name.

    `selected` are the chosen ARNs. `moved` says that a button of the picker (search, page) sent the form and not the
    form's own: draw the page again instead of going on. With JavaScript those go to `policy-picker` by themselves.
    """

    name: str
    multiple: bool
    rows: list[ManagedRow]
    denied: AccessDenied | None
    selected: list[str]
    wishes: QueryDict = field(repr=False)
    title: str = "Permissions policies"
    error: str = ""

    @property
    def moved(self) -> bool:
        return any(f"{self.name}_{button}" in self.wishes for button in ("search", "page"))

    @property
    def query(self) -> str:
        return self.wishes.get(f"{self.name}_q", "").strip()

    @property
    def type(self) -> str:
        return self.wishes.get(f"{self.name}_type", "")

    @property
    def url(self) -> str:
        return reverse("policy-picker", args=[self.name, "many" if self.multiple else "one"])

    @property
    def options(self) -> list[tuple[str, str]]:
        return [("", "All types"), *((each, each) for each in TYPES), (SELECTED, "Selected policies")]

    @cached_property
    def matching(self) -> list[ManagedRow]:
        words = self.query.lower()
        found = [row for row in self.rows if words in row.name.lower()]
        # Whoever types a whole name wants that one: `ReadOnlyAccess` is in the names of 200 others.
        found.sort(key=lambda row: row.name.lower() != words)
        if self.type == SELECTED:
            return [row for row in found if row.arn in self.selected]
        return [row for row in found if not self.type or row.type == self.type]

    @property
    def pages(self) -> int:
        return max(1, -(-len(self.matching) // PAGE_SIZE))

    @property
    def page(self) -> int:
        asked = self.wishes.get(f"{self.name}_page", "")
        return min(max(1, int(asked)), self.pages) if asked.isdecimal() and len(asked) < 7 else 1

    @property
    def page_numbers(self) -> list[int]:
        return page_window(self.page, self.pages)

    @property
    def previous(self) -> int:
        return self.page - 1

    @property
    def next(self) -> int:
        return self.page + 1 if self.page < self.pages else 0

    @cached_property
    def shown(self) -> list[ManagedRow]:
        return self.matching[(self.page - 1) * PAGE_SIZE : self.page * PAGE_SIZE]

    @property
    def carried(self) -> list[str]:
        """Chosen policies that are not on this page: hidden fields, so that turning pages forgets nothing."""
        shown = {row.arn for row in self.shown}
        return [arn for arn in self.selected if arn not in shown]

    @property
    def selected_names(self) -> list[str]:
        return [arn.rsplit("/", 1)[-1] for arn in self.selected]

    @property
    def counter(self) -> str:
        return f"({len(self.selected)}/{len(self.rows)})" if self.selected else f"({len(self.rows)})"

    @property
    def matches_text(self) -> str:
        if not (self.query or self.type):
            return ""
        count = len(self.matching)
        return f"{count} {'match' if count == 1 else 'matches'}"


def policy_choices(
    request: ConsoleRequest,
    *,
    name: str = "policy",
    selected: Collection[str] = (),
    multiple: bool = True,
    without: Collection[str] = (),
    title: str = "Permissions policies",
) -> PolicyPicker:
    """The picker of a form: `selected` is what the form had before, a POST carries its own; `without` leaves out ARNs.

    After a POST, `picker.moved` asks for the page again and `picker.selected` holds the chosen ARNs.
    """
    rows, denied = managed_rows(request.caller)
    posted = request.method == "POST" and (name in request.POST or f"{name}_picker" in request.POST)
    chosen = request.POST.getlist(name) if posted else list(selected)
    chosen = list(dict.fromkeys(each for each in chosen if each))
    return PolicyPicker(
        name=name,
        multiple=multiple,
        rows=[row for row in rows if row.arn not in without],
        denied=denied,
        # Of radio buttons the visible one comes after the one carried along: the last is what was meant.
        selected=chosen if multiple else chosen[-1:],
        wishes=request.POST if request.method == "POST" else request.GET,
        title=title,
    )


@require_POST
@signed_in
def policy_picker(request: ConsoleRequest, name: str, many: str) -> HttpResponse:
    """The picker's table for the search or page just asked for; it changes nothing."""
    picker = policy_choices(request, name=name, multiple=many == "many")
    return render(request, "policies/_policy_picker_table.html", {"picker": picker, "oob": True})
