from __future__ import annotations

import pytest

from iamconsole.bench import registry


@pytest.fixture(autouse=True)
def _two_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_figures", {})
    registry.figure("test_b", "1/s")(lambda: 2.0)
    registry.figure("test_a", "1/s")(lambda: 1.0)


def test_it_gives_the_figures_in_the_order_of_their_names() -> None:
    assert [one.name for one in registry.figures(["test_"])] == ["test_a", "test_b"]


def test_it_picks_figures_by_the_beginning_of_their_name() -> None:
    assert [one.measure() for one in registry.figures(["test_b"])] == [2.0]


def test_it_refuses_two_figures_of_one_name() -> None:
    with pytest.raises(ValueError, match="two figures are called test_a"):
        registry.figure("test_a", "1/s")(lambda: 3.0)
