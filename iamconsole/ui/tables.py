"""Tables declared in Python: columns, filter, sorting, pages, selection, preferences. They work without JavaScript.

A `Table` is the declaration (a module constant); `bind` joins it with a request and the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar

from django.http import HttpRequest
from django.template.loader import render_to_string

from iamconsole.ui.htmx import wants_fragment
from iamconsole.ui.table_preferences import Preferences, read_preferences

Row = TypeVar("Row")
EMPTY_CELL = "—"


@dataclass(frozen=True)
class Column(Generic[Row]):
    """One column. `value` is what is sorted and searched (default: the row's attribute or item `key`);
    `cell` is what is shown: a callable, or the name of a template that gets `row` and `value`."""

    key: str
    label: str
    value: Callable[[Row], object] | None = None
    cell: Callable[[Row], object] | str | None = None
    sortable: bool = True
    searchable: bool = True
    default_visible: bool = True
    row_header: bool = False

    def value_of(self, row: Row) -> object:
        if self.value:
            return self.value(row)
        return row.get(self.key) if isinstance(row, Mapping) else getattr(row, self.key, None)

    def cell_of(self, row: Row) -> object:
        if isinstance(self.cell, str):
            return render_to_string(self.cell, {"row": row, "value": self.value_of(row)})
        shown = self.cell(row) if self.cell else self.value_of(row)
        return EMPTY_CELL if shown is None or shown == "" else shown


@dataclass(frozen=True)
class Filter(Generic[Row]):
    """A select beside the search field; `test` says whether a row belongs to the chosen option."""

    key: str
    label: str
    options: Sequence[tuple[str, str]]
    test: Callable[[Row, str], bool]


@dataclass(frozen=True)
class Table(Generic[Row]):
    """The declaration of a table; `id` is its place in the page, `noun`/`nouns` what a row is called."""

    id: str
    columns: Sequence[Column[Row]]
    noun: str
    nouns: str
    title: str = ""
    description: str = ""
    info: str = ""
    select: str = ""  # "", "checkbox" or "radio"
    row_id: Callable[[Row], str] | None = None
    row_label: Callable[[Row], str] | None = None
    expand: Callable[[Row], str | None] | None = None
    filters: Sequence[Filter[Row]] = ()
    filter_text: str = "Search"
    empty_text: str = ""
    page_sizes: tuple[int, ...] = (10, 50)
    sort: str = ""
    descending: bool = False
    prefix: str = ""

    def bind(
        self,
        request: HttpRequest,
        rows: Iterable[Row],
        *,
        selected: Collection[str] = (),
        form_id: str = "",
        heading: int = 1,
        select_name: str = "selected",
        create: tuple[str, str] | None = None,
    ) -> BoundTable[Row]:
        """The table for this request. `form_id` puts the checkboxes into a form of the page (a wizard);
        `heading` is 1 for a page of its own, 2 inside a container; `create` is (label, url) for the empty state."""
        chosen = {*selected, *request.GET.getlist(select_name)}
        return BoundTable(self, request, list(rows), chosen, form_id, heading, select_name, create)


@dataclass(frozen=True)
class Cell:
    """One cell as drawn."""

    content: object
    row_header: bool


@dataclass(frozen=True)
class ShownRow:
    """One row as drawn; `expand_url` asks for the row of details below it."""

    id: str
    label: str
    cells: list[Cell]
    selected: bool
    expand_url: str | None


@dataclass(frozen=True)
class Heading:
    """A column heading as drawn; `sorted` is "", "ascending" or "descending"."""

    key: str
    label: str
    url: str
    sorted: str


@dataclass
class BoundTable(Generic[Row]):
    """A table with its rows and the wishes of one request; this is what the templates read."""

    table: Table[Row]
    request: HttpRequest
    rows: list[Row]
    selected: set[str]
    form_id: str
    heading: int
    select_name: str
    create: tuple[str, str] | None

    @property
    def id(self) -> str:
        return self.table.id

    @property
    def oob(self) -> bool:
        """Whether this answer replaces only the table, so that counter and pager travel out of band."""
        return wants_fragment(self.request)

    @property
    def rows_form(self) -> str:
        return self.form_id or f"{self.id}-rows"

    @cached_property
    def preferences(self) -> Preferences:
        return read_preferences(self.request, self.table)

    @property
    def expandable(self) -> bool:
        """Whether rows open. (A template cannot ask the table itself: it would call the function.)"""
        return self.table.expand is not None

    @property
    def preferences_open(self) -> bool:
        return self.request.GET.get("preferences") == self.id

    def _asked(self, name: str) -> str:
        return self.request.GET.get(self.table.prefix + name, "")

    @property
    def query(self) -> str:
        return self._asked("q").strip()

    @cached_property
    def filters(self) -> list[tuple[Filter[Row], str]]:
        return [(one, self._asked(one.key)) for one in self.table.filters]

    @cached_property
    def columns(self) -> list[Column[Row]]:
        return [column for column in self.table.columns if column.key in self.preferences.columns or column.row_header]

    @cached_property
    def matching(self) -> list[Row]:
        words = self.query.lower()
        searched = [column for column in self.table.columns if column.searchable]
        found = [row for row in self.rows if not words or self._matches(row, words, searched)]
        for one, wanted in self.filters:
            found = [row for row in found if not wanted or one.test(row, wanted)]
        # Whoever types a whole name wants that one, however many others hold it in theirs.
        return (
            sorted(self._sorted(found), key=lambda row: not self._is_named(row, words))
            if words
            else self._sorted(found)
        )

    def _is_named(self, row: Row, words: str) -> bool:
        return any(str(c.value_of(row)).lower() == words for c in self.table.columns if c.row_header)

    @staticmethod
    def _matches(row: Row, words: str, searched: list[Column[Row]]) -> bool:
        return any(words in str(value).lower() for c in searched if (value := c.value_of(row)) is not None)

    @cached_property
    def sort_column(self) -> Column[Row] | None:
        wanted = self._asked("sort") or self.table.sort
        return next((c for c in self.table.columns if c.key == wanted and c.sortable), None)

    @property
    def descending(self) -> bool:
        return self._asked("dir") == "desc" if self._asked("sort") else self.table.descending

    def _sorted(self, rows: list[Row]) -> list[Row]:
        column = self.sort_column
        if column is None:
            return rows
        known = [row for row in rows if column.value_of(row) is not None]
        unknown = [row for row in rows if column.value_of(row) is None]
        return sorted(known, key=lambda row: _sort_key(column.value_of(row)), reverse=self.descending) + unknown

    @property
    def pages(self) -> int:
        return max(1, -(-len(self.matching) // self.preferences.page_size))

    @property
    def page(self) -> int:
        asked = self._asked("page")
        return min(max(1, int(asked)), self.pages) if asked.isdecimal() and len(asked) < 7 else 1

    @cached_property
    def shown(self) -> list[ShownRow]:
        size = self.preferences.page_size
        return [self._shown(row) for row in self.matching[(self.page - 1) * size : self.page * size]]

    def _shown(self, row: Row) -> ShownRow:
        table = self.table
        header = next((c for c in table.columns if c.row_header), table.columns[0])
        identity = table.row_id(row) if table.row_id else str(header.value_of(row))
        label = table.row_label(row) if table.row_label else str(header.value_of(row))
        cells = [Cell(column.cell_of(row), column.row_header) for column in self.columns]
        expand = table.expand(row) if table.expand else None
        return ShownRow(identity, label, cells, identity in self.selected, expand)

    @cached_property
    def carried(self) -> list[str]:
        """Selected rows that are not on this page: kept as hidden fields, so that paging forgets nothing."""
        if self.table.select != "checkbox":
            return []
        return sorted(self.selected - {row.id for row in self.shown})

    @property
    def counter(self) -> str:
        """ "(38)", or "(1/38)" when rows are selected."""
        chosen = len(self.selected)
        return f"({chosen}/{len(self.rows)})" if self.table.select and chosen else f"({len(self.rows)})"

    @property
    def empty_title(self) -> str:
        return f"No {self.table.nouns}"

    @property
    def narrowed(self) -> bool:
        return bool(self.query) or any(value for _, value in self.filters)

    @property
    def matches_text(self) -> str:
        count = len(self.matching)
        return f"{count} {'match' if count == 1 else 'matches'}" if self.narrowed else ""

    def url(self, **changes: str) -> str:
        """This page's address with the table's parameters changed; an empty value leaves the parameter out."""
        params = self.request.GET.copy()
        for name in ("preferences", self.select_name):
            params.pop(name, None)
        for name, value in changes.items():
            params.pop(self.table.prefix + name, None)
            if value:
                params[self.table.prefix + name] = value
        return f"{self.request.path}?{params.urlencode()}" if params else self.request.path

    @property
    def clear_url(self) -> str:
        return self.url(q="", page="", **{one.key: "" for one in self.table.filters})

    @property
    def preferences_url(self) -> str:
        separator = "&" if "?" in self.url() else "?"
        return f"{self.url()}{separator}preferences={self.id}"

    @property
    def kept_parameters(self) -> list[tuple[str, str]]:
        """What the filter form must carry along: everything of the address but its own fields and the page."""
        own = {self.table.prefix + key for key in ("q", "page", *(one.key for one in self.table.filters))}
        own |= {"preferences", self.select_name}
        return [(key, value) for key, values in self.request.GET.lists() if key not in own for value in values]

    @property
    def headings(self) -> list[Heading]:
        return [self._heading(column) for column in self.columns]

    def _heading(self, column: Column[Row]) -> Heading:
        if not column.sortable:
            return Heading(column.key, column.label, "", "")
        current = column is self.sort_column
        direction = ("descending" if self.descending else "ascending") if current else ""
        turn = "desc" if current and not self.descending else "asc"
        return Heading(column.key, column.label, self.url(sort=column.key, dir=turn, page=""), direction)

    @property
    def page_links(self) -> list[tuple[int, str]]:
        """(number, url) of the pages to offer; number 0 stands for a gap."""
        return [(number, self.url(page=str(number)) if number else "") for number in page_window(self.page, self.pages)]

    @property
    def previous_url(self) -> str:
        return self.url(page=str(self.page - 1)) if self.page > 1 else ""

    @property
    def next_url(self) -> str:
        return self.url(page=str(self.page + 1)) if self.page < self.pages else ""

    @property
    def width(self) -> int:
        """How many cells a row has, for a row that spans them all."""
        return len(self.columns) + bool(self.table.select) + bool(self.table.expand)


def _sort_key(value: object) -> tuple[int, float, str]:
    """Numbers by size, everything else by its text without regard to case; the two never meet in one comparison."""
    if isinstance(value, int | float):
        return (0, float(value), "")
    stamp = getattr(value, "isoformat", None)
    return (1, 0.0, str(stamp()) if stamp else str(value).casefold())


def page_window(page: int, pages: int) -> list[int]:
    """The page numbers to show: at most nine places, with 0 where numbers are left out."""
    if pages <= 9:
        return list(range(1, pages + 1))
    if page <= 5:
        return [*range(1, 8), 0, pages]
    if page >= pages - 4:
        return [1, 0, *range(pages - 6, pages + 1)]
    return [1, 0, *range(page - 2, page + 3), 0, pages]
