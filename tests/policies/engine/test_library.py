"""The engine as a library: every public name says what it is, in its docstring and on the page of the engine."""

from __future__ import annotations

import enum
import inspect
from pathlib import Path

import pytest

import policies.engine as engine
from policies.engine import cases

PAGE = (Path(engine.__file__).parent / "README.md").read_text(encoding="utf-8")
NAMES = [(engine, name) for name in engine.__all__]
NAMES += [(cases, name) for name in ("Case", "CaseError", "Result", "parse_case", "read_lines", "run")]


@pytest.mark.parametrize(("module", "name"), NAMES, ids=[name for _, name in NAMES])
def test_it_says_what_a_public_name_is(module: object, name: str) -> None:
    assert f"`{name}" in PAGE or f"`cases.{name}" in PAGE
    found = getattr(module, name)
    assert found.__doc__
    assert not found.__doc__.startswith(f"{name}("), "a docstring made by dataclasses says nothing"
    silent = [member for member, value in _members(found) if not inspect.getdoc(value)]
    assert silent == []


def _members(found: object) -> list[tuple[str, object]]:
    """What a class has of its own to call or to ask; enumerations have only their members."""
    if not inspect.isclass(found) or issubclass(found, enum.Enum):
        return []
    own = [(name, value) for name, value in vars(found).items() if not name.startswith("_")]
    return [
        (name, value)
        for name, value in own
        if inspect.isroutine(value) or isinstance(value, property | classmethod) or hasattr(value, "attrname")
    ]


def test_it_keeps_the_promises_of_its_page() -> None:
    program = PAGE.partition("```python\n")[2].partition("```")[0]
    names: dict[str, object] = {}
    exec(program, names)  # noqa: S102 - our own page
    decision = engine.decide(names["request"], names["policies"])  # type: ignore[arg-type]
    assert (decision.allowed, decision.layer) == (True, engine.Layer.IDENTITY)
