"""What a browser may decide about its looks, and the sheet of samples."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db


def test_it_remembers_the_mode(client: Client) -> None:
    response = client.post(reverse("ui-state"), {"mode": "dark", "next": "/iam/users/"})
    assert response.status_code == 303
    assert response["Location"] == "/iam/users/"
    assert response.cookies["mode"].value == "dark"
    assert response.cookies["mode"]["samesite"] == "Lax"


def test_it_ignores_a_mode_that_does_not_exist(client: Client) -> None:
    assert "mode" not in client.post(reverse("ui-state"), {"mode": "pink"}).cookies


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_it_never_sends_the_browser_elsewhere(client: Client, target: str) -> None:
    assert client.post(reverse("ui-state"), {"nav": "closed", "next": target})["Location"] == "/"


def test_it_takes_preferences_by_post_only(client: Client) -> None:
    assert client.get(reverse("ui-state")).status_code == 405
    assert client.get(reverse("table-preferences")).status_code == 405


def test_it_remembers_how_a_table_is_wanted(client: Client) -> None:
    wishes = {"table": "users-table", "size": "50", "wrap": "1", "columns": ["path", "b;d"], "next": "/iam/users/"}
    response = client.post(reverse("table-preferences"), wishes)
    assert response.cookies["table-users-table"].value == "size=50&columns=path&wrap=1"


@pytest.mark.parametrize("table", ["", "Users", "a b", "x" * 99, "a;b"])
def test_it_knows_no_table_by_a_wild_name(client: Client, table: str) -> None:
    assert client.post(reverse("table-preferences"), {"table": table}).status_code == 404


def test_it_hides_the_samples_from_everybody_but_developers(client: Client) -> None:
    assert client.get(reverse("ui-kit")).status_code == 404
    assert client.get(reverse("ui-kit-delete")).status_code == 404
