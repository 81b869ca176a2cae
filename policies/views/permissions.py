"""The Permissions tab of a user, group or role: its policies wherever they come from, and its boundary."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.caller import Caller
from accounts.http import ConsoleRequest
from iamconsole.operations import door
from iamconsole.operations.door import Answer
from iamconsole.operations.errors import AccessDenied
from iamconsole.ui.tables import BoundTable, Column, Filter, Table
from policies.holders import Holder
from policies.managed_rows import INLINE, TYPE_OPTIONS, policy_type
from policies.views.documents import default_document

TABLE_ID = "permissions"
Refused = dict[str, AccessDenied]


@dataclass(frozen=True)
class PermissionRow:
    """One policy of an identity; `through` is the group it comes through, empty when it is the identity's own."""

    name: str
    arn: str
    holder: Holder
    through: str

    @property
    def inline(self) -> bool:
        return not self.arn

    @property
    def id(self) -> str:
        return ":".join(("inline" if self.inline else "managed", self.through, self.arn or self.name))

    @property
    def type(self) -> str:
        return INLINE if self.inline else policy_type(self.arn)

    @property
    def via(self) -> str:
        if self.through:
            return f"Group {self.through}"
        return "Inline" if self.inline else "Directly"

    @property
    def url(self) -> str:
        """Where the policy is shown, or for an inline policy edited."""
        if self.inline:
            return self.holder.action_url("inline-policy-edit", self.name)
        return reverse("policy", args=[self.arn])

    @property
    def edit_url(self) -> str:
        """Empty for what nobody can edit: AWS's own policies."""
        if self.inline:
            return self.url
        return reverse("policy-edit", args=[self.arn]) if policy_type(self.arn) == "Customer managed" else ""


@dataclass(frozen=True)
class Expanded:
    """A row of the table opened to its document."""

    row: PermissionRow
    document: str
    denied: AccessDenied | None


@dataclass(frozen=True)
class BoundaryPanel:
    """The permissions boundary of a user or role; `arn` is empty when none is set."""

    arn: str
    document: str
    denied: AccessDenied | None
    document_denied: AccessDenied | None

    @property
    def name(self) -> str:
        return self.arn.rsplit("/", 1)[-1]

    @property
    def url(self) -> str:
        return reverse("policy", args=[self.arn])

    @property
    def state(self) -> str:
        return "" if self.denied else "(set)" if self.arn else "(not set)"

    @property
    def opened(self) -> bool:
        return self.denied is not None or not self.arn


@dataclass
class PermissionsPanel:
    """What `policies/_permissions.html` draws. `fragment` is what the page answers htmx with, None for all of it."""

    request: ConsoleRequest
    holder: Holder
    table: BoundTable[PermissionRow]
    denied: list[AccessDenied]
    boundary: BoundaryPanel | None
    expanded: Expanded | None

    @property
    def fragment(self) -> str | None:
        if not self.request.htmx or self.request.htmx.boosted:
            return None
        if "expand" in self.request.GET:
            return "policies/_permissions_row.html"
        wanted = {TABLE_ID: "policies/_permissions_table.html", "modal": "policies/_permissions_table.html"}
        return wanted.get(self.request.htmx.target or "")

    @property
    def unknown(self) -> bool:
        """Whether refusals are all there is to show: an empty table would say that there are no policies."""
        return bool(self.denied) and not self.table.rows

    @cached_property
    def urls(self) -> dict[str, str]:
        routes = ("attach-policies", "detach-policies", "inline-policy-create", "boundary-set", "boundary-remove")
        return {route.replace("-", "_"): self.holder.action_url(route) for route in routes}


def permissions_context(
    request: ConsoleRequest, kind: str, name: str, identity: Answer | None = None
) -> dict[str, PermissionsPanel]:
    """`permissions` for a page that includes `policies/_permissions.html`; kind is user, group or role.

    `identity` is the answer of GetUser or GetRole when the page has it already. Answer htmx with
    `render_page(request, page, context, fragment=context["permissions"].fragment)`.
    """
    holder = Holder(kind, name)
    rows, denied = permission_rows(request.caller, holder)
    panel = PermissionsPanel(
        request=request,
        holder=holder,
        table=PERMISSIONS.bind(request, rows, heading=2),
        denied=denied,
        boundary=_boundary(request.caller, holder, identity) if holder.can_be_bounded else None,
        expanded=_expanded(request, rows),
    )
    return {"permissions": panel}


def permission_rows(caller: Caller, holder: Holder) -> tuple[list[PermissionRow], list[AccessDenied]]:
    """All policies of an identity with those of its groups, and every refusal met on the way (one an action)."""
    refused: Refused = {}
    rows = list(_own_rows(caller, holder, "", refused))
    if holder.kind == "user":
        for group in _asked(caller, "iam:ListGroupsForUser", "Groups", holder.member, refused):
            group_name = str(group["GroupName"])
            rows += _own_rows(caller, Holder("group", group_name), group_name, refused)
    return rows, list(refused.values())


def _own_rows(caller: Caller, holder: Holder, through: str, refused: Refused) -> Iterator[PermissionRow]:
    attached = holder.operation("ListAttached{}Policies")
    for policy in _asked(caller, attached, "AttachedPolicies", holder.member, refused):
        yield PermissionRow(str(policy["PolicyName"]), str(policy["PolicyArn"]), holder, through)
    answer = door.ask_all(caller, holder.operation("List{}Policies"), "PolicyNames", holder.member)
    if answer.denied:
        refused.setdefault(answer.denied.action, answer.denied)
        return
    names = answer.result["PolicyNames"]
    assert isinstance(names, list)
    for name in names:
        yield PermissionRow(name, "", holder, through)


def _asked(
    caller: Caller, action: str, member: str, given: Mapping[str, object], refused: Refused
) -> list[dict[str, object]]:
    answer = door.ask_all(caller, action, member, given)
    if answer.denied:
        refused.setdefault(answer.denied.action, answer.denied)
        return []
    found = answer.result[member]
    assert isinstance(found, list)
    return found


def _expanded(request: ConsoleRequest, rows: list[PermissionRow]) -> Expanded | None:
    row = next((row for row in rows if row.id == request.GET.get("expand")), None)
    if row is None:
        return None
    document, denied = _document(request.caller, row)
    return Expanded(row, document, denied)


def _document(caller: Caller, row: PermissionRow) -> tuple[str, AccessDenied | None]:
    if not row.inline:
        return default_document(caller, row.arn)
    answer = door.ask(caller, row.holder.operation("Get{}Policy"), row.holder.given(PolicyName=row.name))
    return str(answer.result.get("PolicyDocument", "")), answer.denied


def _boundary(caller: Caller, holder: Holder, identity: Answer | None) -> BoundaryPanel:
    answer = identity if identity is not None else door.ask(caller, holder.operation("Get{}"), holder.member)
    if answer.denied:
        return BoundaryPanel("", "", answer.denied, None)
    found = answer.result[holder.noun]
    assert isinstance(found, Mapping)
    arn = str(found.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn", ""))
    document, denied = default_document(caller, arn) if arn else ("", None)
    return BoundaryPanel(arn, document, None, denied)


def _name_cell(row: PermissionRow) -> SafeString:
    return format_html('<a href="{}">{}</a>', row.url, row.name)


def _via_cell(row: PermissionRow) -> object:
    if not row.through:
        return row.via
    return format_html('<a href="{}">{}</a>', Holder("group", row.through).url, row.via)


PERMISSIONS: Table[PermissionRow] = Table(
    id=TABLE_ID,
    columns=(
        Column("name", "Policy name", cell=_name_cell, row_header=True),
        Column("type", "Type", value=lambda row: row.type),
        Column("via", "Attached via", value=lambda row: row.via, cell=_via_cell),
    ),
    noun="policy",
    nouns="policies",
    title="Permissions policies",
    description="Permissions are defined by policies attached directly, written inline or inherited from groups.",
    select="checkbox",
    row_id=lambda row: row.id,
    row_label=lambda row: row.name,
    expand=lambda row: "?" + urlencode({"expand": row.id}),
    filters=(
        Filter("type", "Filter by type", (*TYPE_OPTIONS, (INLINE, INLINE)), lambda row, wanted: row.type == wanted),
    ),
    empty_text="No policy gives permissions here yet.",
    sort="name",
)
