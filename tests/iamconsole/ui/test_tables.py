"""The declared tables: filter, sort, pages, selection, preferences."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import RequestFactory

from iamconsole.ui.tables import BoundTable, Column, Filter, Table, page_window


@dataclass(frozen=True)
class Person:
    name: str
    path: str = "/"
    age: int | None = None


PEOPLE = [Person(f"user-{number:02}", age=number) for number in range(1, 24)]
PEOPLE += [Person("alice", "/staff/", 40), Person("Bob", "/staff/", None)]

TABLE: Table[Person] = Table(
    id="people",
    noun="users",
    nouns="users",
    title="Users",
    select="checkbox",
    sort="name",
    columns=(
        Column("name", "User name", row_header=True),
        Column("path", "Path"),
        Column("age", "Age", cell=lambda person: f"{person.age} days" if person.age else None),
        Column("arn", "ARN", value=lambda person: f"arn:{person.name}", default_visible=False, searchable=False),
    ),
    filters=(
        Filter("where", "Where", (("", "All"), ("staff", "Staff")), lambda person, value: person.path == f"/{value}/"),
    ),
)


def bound(query: str = "", cookie: str = "", rows: list[Person] = PEOPLE, **more: object) -> BoundTable[Person]:
    return TABLE.bind(request(query, cookie), rows, **more)  # type: ignore[arg-type]


def request(query: str = "", cookie: str = "") -> HttpRequest:
    made = RequestFactory().get(f"/iam/users/?{query}")
    made.htmx = None  # type: ignore[attr-defined]
    if cookie:
        made.COOKIES["table-people"] = cookie
    return made


def names(table: BoundTable[Person]) -> list[str]:
    return [row.id for row in table.shown]


def draw(table: BoundTable[Person]) -> str:
    return render_to_string("ui/table.html", {"table": table}, table.request)


def test_it_sorts_text_without_regard_to_case() -> None:
    assert names(bound())[:3] == ["alice", "Bob", "user-01"]


def test_it_sorts_numbers_by_size_and_puts_what_is_unknown_last() -> None:
    assert names(bound("sort=age"))[:2] == ["user-01", "user-02"]
    assert names(bound("sort=age&page=3"))[-1] == "Bob"
    assert names(bound("sort=age&dir=desc"))[0] == "alice"
    assert names(bound("sort=age&dir=desc&page=3"))[-1] == "Bob"


def test_it_filters_over_the_text_of_all_searchable_columns() -> None:
    assert names(bound("q=STAFF")) == ["alice", "Bob"]
    assert names(bound("q=arn:")) == []


def test_it_filters_by_a_select() -> None:
    assert names(bound("where=staff")) == ["alice", "Bob"]
    assert bound("where=staff").matches_text == "2 matches"


def test_it_says_one_match_in_the_singular() -> None:
    assert bound("q=alice").matches_text == "1 match"


@pytest.mark.parametrize(
    ("asked", "page"), [("2", 2), ("99", 3), ("0", 1), ("-1", 1), ("x", 1), ("9" * 30, 1), ("²", 1)]
)
def test_it_stays_within_the_pages_there_are(asked: str, page: int) -> None:
    assert bound(f"page={asked}").page == page


def test_it_ignores_a_column_that_cannot_be_sorted_by() -> None:
    assert names(bound("sort=password"))[0] == "user-01"


def test_it_counts_selected_rows_and_carries_those_that_are_not_shown() -> None:
    table = bound("selected=alice&selected=user-23")
    assert table.counter == "(2/25)"
    assert [row.id for row in table.shown if row.selected] == ["alice"]
    assert table.carried == ["user-23"]


def test_it_keeps_the_other_parameters_in_its_links() -> None:
    assert bound("q=user&sort=age&page=2").url(page="3") == "/iam/users/?q=user&sort=age&page=3"
    assert bound("tab=x&page=2").kept_parameters == [("tab", "x")]


def test_it_turns_the_direction_of_the_sorted_column() -> None:
    heading = bound("sort=age&dir=asc").headings[2]
    assert heading.sorted == "ascending"
    assert heading.url.endswith("sort=age&dir=desc")


def test_it_obeys_the_saved_preferences() -> None:
    table = bound(cookie="size=50&columns=arn&wrap=1")
    assert len(table.shown) == 25
    assert [column.key for column in table.columns] == ["name", "arn"]
    assert table.preferences.wrap


@pytest.mark.parametrize(
    "cookie", ["size=7", "size=-1", "size=", "size=%00", "columns", "&&&==", "size=9999999999999999999999"]
)
def test_it_falls_back_when_the_cookie_makes_no_sense(cookie: str) -> None:
    assert bound(cookie=cookie).preferences.page_size == 10


def test_it_tells_no_data_from_no_match() -> None:
    assert "No users" in draw(bound(rows=[]))
    nothing = draw(bound("q=zzz"))
    assert "No matches" in nothing
    assert 'href="/iam/users/"' in nothing


def test_it_names_each_checkbox_by_its_row() -> None:
    html = draw(bound())
    assert 'aria-label="Select alice"' in html
    assert '<th scope="row">alice</th>' in html
    assert 'aria-sort="ascending"' in html


def test_it_escapes_what_is_in_a_cell() -> None:
    html = draw(bound(rows=[Person("<b>alice</b>")]))
    assert "<b>" not in html
    assert "&lt;b&gt;alice" in html


def test_it_puts_the_checkboxes_into_the_form_of_a_wizard() -> None:
    html = draw(bound(form_id="wizard", heading=2))
    assert 'form="wizard"' in html
    assert '<form id="people-filter"' not in html


def test_it_shows_the_preferences_when_asked_without_a_script() -> None:
    html = draw(bound("preferences=people"))
    assert 'id="people-preferences"' in html
    assert 'name="columns" value="arn"' in html


def test_it_reads_rows_that_are_mappings() -> None:
    table: Table[dict[str, str]] = Table("t", (Column("key", "Key", row_header=True),), "tags", "tags")
    assert [row.id for row in table.bind(request(), [{"key": "team"}]).shown] == ["team"]


@pytest.mark.parametrize(
    ("page", "pages", "shown"),
    [
        (1, 1, [1]),
        (3, 9, [1, 2, 3, 4, 5, 6, 7, 8, 9]),
        (3, 12, [1, 2, 3, 4, 5, 6, 7, 0, 12]),
        (6, 12, [1, 0, 4, 5, 6, 7, 8, 0, 12]),
        (12, 12, [1, 0, 6, 7, 8, 9, 10, 11, 12]),
    ],
)
def test_it_leaves_out_pages_far_away(page: int, pages: int, shown: list[int]) -> None:
    assert page_window(page, pages) == shown
