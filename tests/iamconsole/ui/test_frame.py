"""The frame: who is signed in, where we are, how the browser wants to see it."""

from __future__ import annotations

import pytest
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import RequestFactory

from accounts.caller import Caller, CallerKind, root_caller
from iamconsole.ui.context import Frame, dashed, frame, who
from iamconsole.ui.nav import Link, is_current, sections, url_or_none

ALICE = Caller(CallerKind.USER, "111122223333", "arn:aws:iam::111122223333:user/alice", "AIDAALICE", name="alice")


def request(caller: Caller | None = ALICE, **cookies: str) -> HttpRequest:
    made = RequestFactory().get("/iam/users/")
    made.resolver_match = None
    if caller:
        made.caller = caller  # type: ignore[attr-defined]
    made.COOKIES.update(cookies)
    return made


def framed(caller: Caller | None = ALICE, **cookies: str) -> Frame:
    return frame(request(caller, **cookies))["frame"]


def test_it_names_the_user_and_the_account() -> None:
    assert framed().who == "alice @ 1111-2222-3333"


def test_it_names_root_by_the_account() -> None:
    assert who(root_caller("111122223333"), "1111-2222-3333", "Class lab") == "Class lab"
    assert who(root_caller("111122223333"), "1111-2222-3333", "") == "1111-2222-3333"


@pytest.mark.parametrize("kind", [CallerKind.ANONYMOUS, CallerKind.SYSTEM])
def test_it_takes_nobody_for_signed_in_who_is_not(kind: CallerKind) -> None:
    assert not framed(Caller(kind, "", "", "")).signed_in
    assert not framed(None).signed_in


def test_it_obeys_the_cookies() -> None:
    shown = framed(mode="dark", density="compact", nav="closed")
    assert (shown.mode, shown.density, shown.nav) == ("dark", "compact", "closed")


def test_it_ignores_cookies_that_make_no_sense() -> None:
    shown = framed(mode='"><script>', density="x", nav="")
    assert (shown.mode, shown.density, shown.nav) == ("system", "comfortable", "open")


@pytest.mark.django_db
def test_it_writes_the_mode_on_the_page() -> None:
    html = render_to_string("frame.html", {}, request(mode="dark"))
    assert 'data-mode="dark"' in html
    assert html.count("<main") == 1
    assert "alice @ 1111-2222-3333" in html


def test_it_links_only_pages_that_exist() -> None:
    assert url_or_none("no-such-page") is None
    assert all(link.url.startswith("/") for _, links in sections("users") for link in links)


def test_it_highlights_the_entry_a_page_belongs_to() -> None:
    users = Link("Users", "users", ("user",))
    assert is_current(users, "users")
    assert is_current(users, "user-tags")
    assert not is_current(users, "username")
    assert not is_current(Link("User groups", "groups", ("group",)), "user")


def test_it_writes_an_account_id_in_groups_of_four() -> None:
    assert dashed("111122223333") == "1111-2222-3333"
    assert dashed("1") == "1"
