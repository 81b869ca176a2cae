"""Page or fragment, and where a message goes."""

from __future__ import annotations

from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from iamconsole.ui.flash import shown_flash
from iamconsole.ui.htmx import flash, hx_redirect, redirect_with_flash, render_page


def request(**headers: str) -> HttpRequest:
    made = RequestFactory().get(
        "/iam/users/", headers={name.replace("_", "-"): value for name, value in headers.items()}
    )
    made.htmx = HtmxDetails(made)  # type: ignore[attr-defined]
    made._messages = CookieStorage(made)  # type: ignore[attr-defined]
    return made


def answer(made: HttpRequest) -> HttpResponse:
    return render_page(made, "signin_frame.html", {}, fragment="ui/_flashes.html")


def test_it_answers_a_plain_request_with_the_whole_page() -> None:
    response = answer(request())
    assert b"<!doctype html>" in response.content
    assert "HX-Request" in response["Vary"]


def test_it_answers_htmx_with_the_fragment() -> None:
    response = answer(request(HX_Request="true"))
    assert b"<html" not in response.content
    assert "HX-Request" in response["Vary"]


def test_it_answers_a_boosted_or_restored_page_whole() -> None:
    assert b"<html" in answer(request(HX_Request="true", HX_Boosted="true")).content
    assert b"<html" in answer(request(HX_Request="true", HX_History_Restore_Request="true")).content


def test_it_sends_waiting_messages_along_with_a_fragment() -> None:
    made = request(HX_Request="true")
    flash(made, "success", "User bob deleted.")
    html = answer(made).content.decode()
    assert 'id="flash" hx-swap-oob="beforeend"' in html
    assert "User bob deleted." in html


def test_it_redirects_a_plain_request_with_303() -> None:
    response = hx_redirect(request(), "/iam/users/")
    assert response.status_code == 303
    assert response["Location"] == "/iam/users/"


def test_it_lets_htmx_move_the_whole_page() -> None:
    response = hx_redirect(request(HX_Request="true"), "/iam/users/")
    assert response["HX-Redirect"] == "/iam/users/"
    assert "Location" not in response


def test_it_keeps_detail_and_link_of_a_message() -> None:
    made = request()
    redirect_with_flash(
        made, "/", "error", "Failed to delete user bob", link=("View user", "/u/"), detail="DeleteConflict"
    )
    shown = shown_flash(next(iter(get_messages(made))))
    assert (shown.kind, shown.detail, shown.action, shown.url) == ("error", "DeleteConflict", "View user", "/u/")
    assert shown.role == "alert"
