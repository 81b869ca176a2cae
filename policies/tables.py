"""The tables of the policies pages."""

from __future__ import annotations

from collections.abc import Callable

from django.template.defaultfilters import truncatechars
from django.utils.html import format_html
from django.utils.safestring import SafeString

from iamconsole.ui.tables import Column, Filter, Table
from policies.entities import Entity
from policies.managed_rows import TYPE_OPTIONS, ManagedRow

KIND_OPTIONS = (("", "All types"), ("User", "Users"), ("Group", "User groups"), ("Role", "Roles"))


def _link(row: ManagedRow) -> SafeString:
    return format_html('<a href="{}">{}</a>', row.url, row.name)


def _description(row: ManagedRow) -> SafeString:
    return format_html('<span title="{}">{}</span>', row.description, truncatechars(row.description, 90))


POLICIES: Table[ManagedRow] = Table(
    id="policies",
    columns=(
        Column("name", "Policy name", cell=_link, row_header=True),
        Column("type", "Type"),
        Column("used_as", "Used as", value=lambda row: row.used_as, searchable=False),
        Column("description", "Description", cell=_description, searchable=False),
        Column("arn", "ARN", default_visible=False),
    ),
    noun="policy",
    nouns="policies",
    title="Policies",
    description="A policy is an object in the account that defines permissions.",
    info="policies",
    select="radio",
    row_id=lambda row: row.arn,
    row_label=lambda row: row.name,
    filters=(Filter("type", "Filter by Type", TYPE_OPTIONS, lambda row, wanted: row.type == wanted),),
    filter_text="Search policies by name",
    empty_text="Policies give permissions to users, groups and roles.",
    page_sizes=(20, 50, 100),
    sort="name",
)


def _entity(entity: Entity) -> SafeString:
    return format_html('<a href="{}">{}</a>', entity.url, entity.name)


def entities_table(
    table_id: str, title: str, nouns: str, empty: str, *, select: str = "", prefix: str = ""
) -> Table[Entity]:
    """A table of users, groups and roles."""
    kind: Callable[[Entity], object] = lambda entity: entity.kind_text  # noqa: E731
    return Table(
        id=table_id,
        columns=(
            Column("name", "Entity name", cell=_entity, row_header=True),
            Column("kind", "Entity type", value=kind),
        ),
        noun="entity",
        nouns=nouns,
        title=title,
        select=select,
        row_id=lambda entity: entity.id,
        row_label=lambda entity: entity.name,
        filters=(Filter("kind", "Filter by entity type", KIND_OPTIONS, lambda entity, wanted: entity.kind == wanted),),
        filter_text="Filter entities by name",
        empty_text=empty,
        prefix=prefix,
        sort="name",
    )


ATTACHABLE = entities_table(
    "attachable", "IAM entities", "entities", "Create a user, group or role first.", select="checkbox"
)
ATTACHED = entities_table(
    "attached",
    "Attached as a permissions policy",
    "attached entities",
    "This policy is not attached to any entity.",
    select="checkbox",
)
BOUNDED = entities_table(
    "bounded",
    "Attached as a permissions boundary",
    "bounded entities",
    "This policy is nobody’s permissions boundary.",
    prefix="b_",
)
