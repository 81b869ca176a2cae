"""The list of figures: a benchmark is a function under `@figure`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules

import iamconsole.bench


@dataclass(frozen=True)
class Figure:
    """One number to measure."""

    name: str
    unit: str
    about: str
    measure: Callable[[], float]


_figures: dict[str, Figure] = {}


def figure(name: str, unit: str) -> Callable[[Callable[[], float]], Callable[[], float]]:
    """Register a function as a figure; its docstring says what it measures."""

    def register(measure: Callable[[], float]) -> Callable[[], float]:
        if name in _figures:
            raise ValueError(f"two figures are called {name}")
        _figures[name] = Figure(name, unit, (measure.__doc__ or "").strip(), measure)
        return measure

    return register


def figures(wanted: list[str]) -> Iterator[Figure]:
    """The figures whose name begins with a wanted word, all of them when none is named."""
    for module in iter_modules(iamconsole.bench.__path__):
        import_module(f"iamconsole.bench.{module.name}")
    for name, found in sorted(_figures.items()):
        if not wanted or name.startswith(tuple(wanted)):
            yield found
