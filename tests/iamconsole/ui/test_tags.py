"""The component tags: escaped output, and an error for what they do not know."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django.template import Context, Template, TemplateSyntaxError


def render(source: str, **context: object) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


def test_it_draws_a_link_when_a_button_goes_somewhere() -> None:
    html = render('{% ui_button "Create user" href="/iam/users/create/" variant="primary" %}')
    assert html == '<a class="button button-primary" href="/iam/users/create/"><span>Create user</span></a>'


def test_it_draws_a_button_when_a_button_does_something() -> None:
    html = render('{% ui_button "Save" name="wizard" value="next" formnovalidate=True %}')
    assert html.startswith("<button ")
    assert 'name="wizard" value="next"' in html
    assert "formnovalidate" in html


def test_it_opens_the_dialog_from_the_same_address_as_the_link() -> None:
    html = render('{% ui_button "Delete" href="/iam/users/bob/delete/" modal=True %}')
    assert 'href="/iam/users/bob/delete/"' in html
    assert 'hx-get="/iam/users/bob/delete/" hx-target="#modal"' in html


def test_it_keeps_a_disabled_button_focusable_when_there_is_a_reason() -> None:
    html = render('{% ui_button "Delete" disabled=True reason="Select a user first." %}')
    assert 'aria-disabled="true"' in html
    assert 'title="Select a user first."' in html
    assert 'type="button"' in html
    assert " disabled" not in html


def test_it_takes_the_address_away_from_a_disabled_link() -> None:
    html = render('{% ui_button "Edit" href="/edit/" disabled=True %}')
    assert "href" not in html
    assert 'aria-disabled="true"' in html


def test_it_names_an_icon_button() -> None:
    assert 'aria-label="Refresh"' in render('{% ui_button "Refresh" variant="icon" icon="refresh" %}')


@pytest.mark.parametrize(
    "source",
    [
        '{% ui_button "Save" colour="red" %}',
        '{% ui_button "Save" variant="huge" %}',
        '{% ui_badge "New" color="pink" %}',
        '{% ui_alert kind="panic" %}{% endui_alert %}',
        '{% ui_container titel="x" %}{% endui_container %}',
        "{% ui_container title %}{% endui_container %}",
    ],
)
def test_it_refuses_what_it_does_not_know(source: str) -> None:
    with pytest.raises(TemplateSyntaxError):
        render(source)


@pytest.mark.parametrize(
    "source",
    [
        "{% ui_button evil %}",
        "{% ui_badge evil %}",
        '{% ui_status "success" evil %}',
        "{% ui_copy evil %}",
        "{% ui_alert title=evil %}{{ evil }}{% endui_alert %}",
        "{% ui_expandable evil %}{{ evil }}{% endui_expandable %}",
        "{% ui_menu evil %}{% ui_menu_item evil href=evil %}{% endui_menu %}",
        "{% ui_kv %}{% ui_kv_item evil %}{{ evil }}{% endui_kv_item %}{% endui_kv %}",
        "{% ui_container title=evil counter=evil description=evil %}{{ evil }}{% endui_container %}",
        "{% ui_empty evil evil evil evil %}",
        "{% ui_flash 'error' evil detail=evil url=evil action=evil %}",
        "{% ui_json evil %}",
        "{% ui_tabs pairs current=evil %}",
        "{% ui_breadcrumbs pairs %}",
        "{% ui_progress evil 1 2 text=evil %}",
        "{% ui_wizard_steps names 1 %}",
        "{% ui_denied denied %}",
    ],
)
def test_it_escapes_whatever_it_is_given(source: str) -> None:
    evil = '"><script>alert(1)</script>'
    denied = SimpleNamespace(caller_arn=evil, action=evil, resource=evil, reason=evil, message=evil, event_id=evil)
    html = render(source, evil=evil, pairs=[(evil, evil), (evil, None)], names=[evil, evil], denied=denied)
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_it_puts_the_actions_of_a_container_into_its_own_header() -> None:
    html = render(
        '{% ui_container title="Outer" %}{% ui_actions %}OUTER{% endui_actions %}'
        '{% ui_container title="Inner" %}inner{% endui_container %}{% endui_container %}'
    )
    outer, inner = html.split("Inner")
    assert 'class="actions">OUTER<' in outer
    assert 'class="actions"' not in inner


def test_it_shows_the_access_denied_box_with_everything_an_administrator_needs() -> None:
    denied = SimpleNamespace(
        caller_arn="arn:aws:iam::111122223333:user/bob",
        action="iam:ListUsers",
        resource="arn:aws:iam::111122223333:user/*",
        reason="no identity-based policy allows the iam:ListUsers action",
        message="",
        event_id="7f9c24e5",
    )
    html = render("{% ui_denied denied %}", denied=denied)
    for text in (
        "Access denied",
        denied.caller_arn,
        "<dd>iam</dd>",
        "<dd>ListUsers</dd>",
        denied.resource,
        denied.reason,
    ):
        assert text in html
    assert "/authorization-details/7f9c24e5" in html


def test_it_has_no_why_link_without_an_authorization_id() -> None:
    denied = SimpleNamespace(
        caller_arn="a", action="iam:ListUsers", resource="", reason="", message="Not today", event_id=None
    )
    html = render("{% ui_denied denied %}", denied=denied)
    assert "Why?" not in html
    assert "Not today" in html


def test_it_marks_the_open_tab() -> None:
    html = render("{% ui_tabs items current='/b/' %}", items=[("A", "/a/"), ("B", "/b/")])
    assert '<a href="/b/" aria-current="page">B</a>' in html
    assert '<a href="/a/">A</a>' in html


def test_it_writes_the_last_breadcrumb_as_text() -> None:
    html = render("{% ui_breadcrumbs items %}", items=[("IAM", "/"), ("Users", "/iam/users/")])
    assert '<a href="/">IAM</a>' in html
    assert '<span aria-current="page">Users</span>' in html


def test_it_says_never_for_a_time_that_never_came() -> None:
    assert render("{% ui_time moment %}", moment=None) == "Never"


def test_it_keeps_the_exact_moment_beside_the_words() -> None:
    html = render("{% ui_time moment %}", moment=datetime(2025, 9, 4, 10, 12, tzinfo=UTC))
    assert 'title="September 04, 2025, 10:12 (UTC)"' in html
    assert "days ago" in html


def test_it_marks_steps_done_current_and_later() -> None:
    html = render(
        "{% ui_wizard_steps steps current=2 urls=urls %}", steps=["One", "Two", "Three"], urls={1: "/one/", 2: "/two/"}
    )
    assert 'class="step step-done"' in html
    assert 'class="step step-current" aria-current="step"' in html
    assert 'href="/one/"' in html
    assert 'href="/two/"' not in html
