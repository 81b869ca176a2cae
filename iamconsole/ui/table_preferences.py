"""How a browser wants to see one table: page size, wrapped lines, stripes, visible columns; kept in a cookie."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import parse_qs, urlencode

from django.http import HttpRequest, QueryDict

from iamconsole import cookies

TABLE_ID = re.compile(r"[a-z][a-z0-9-]{0,40}")


class _Column(Protocol):
    @property
    def key(self) -> str: ...
    @property
    def default_visible(self) -> bool: ...


class _Table(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def columns(self) -> Sequence[_Column]: ...
    @property
    def page_sizes(self) -> tuple[int, ...]: ...


@dataclass(frozen=True)
class Preferences:
    """The wishes, always valid for the table they were read for."""

    page_size: int
    wrap: bool
    striped: bool
    columns: frozenset[str]


def cookie_name(table_id: str) -> str:
    return f"table-{table_id}"


def read_preferences(request: HttpRequest, table: _Table) -> Preferences:
    """The wishes in the cookie; whatever is missing or not possible for this table falls back to its default."""
    saved = parse_qs(cookies.read(request, cookie_name(table.id))[:2000], keep_blank_values=True)
    size = saved.get("size", [""])[0]
    sizes = {str(number): number for number in table.page_sizes}
    known = {column.key for column in table.columns}
    default = {column.key for column in table.columns if column.default_visible}
    visible = set(saved["columns"][0].split(".")) & known if "columns" in saved else default
    return Preferences(sizes.get(size, table.page_sizes[0]), "wrap" in saved, "striped" in saved, frozenset(visible))


def cookie_value(posted: QueryDict) -> str:
    """The cookie for a submitted preferences form; only words that can be a column are kept."""
    columns = [key for key in posted.getlist("columns") if re.fullmatch(r"[A-Za-z0-9_-]{1,40}", key)][:40]
    size = posted.get("size") or ""
    wishes = {"size": size if size.isdecimal() else "", "columns": ".".join(columns)}
    wishes |= {name: "1" for name in ("wrap", "striped") if posted.get(name)}
    return urlencode(wishes)
