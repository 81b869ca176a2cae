"""The figures of pages, measured in the tests' own database."""

from __future__ import annotations

import pytest

from iamconsole.bench import pages, pages_world, registry


@pytest.fixture
def _few_users(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages_world, "USERS", 2)


@pytest.mark.usefixtures("_few_users")
@pytest.mark.django_db
def test_it_measures_every_figure_it_names() -> None:
    caller = pages_world.furnish()
    client = pages_world.signed_in()
    found = {
        **pages.decision_queries(caller),
        **pages.page_queries(client),
        **pages.users_list(client, 0),
    }
    named = {
        each.name.removeprefix("pages.").removeprefix("queries.") for each in registry.figures(["pages", "queries"])
    }
    assert found.keys() == named
    assert found["decision.cold"] <= 3
    assert found["decision.warm"] == 1


@pytest.mark.usefixtures("_few_users")
@pytest.mark.django_db
def test_it_refuses_to_measure_a_page_that_does_not_come() -> None:
    pages_world.furnish()
    with pytest.raises(RuntimeError, match="/nowhere/ answered 404"):
        pages.see(pages_world.signed_in(), "/nowhere/")
