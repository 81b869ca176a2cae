"""Every structure of every operation may come with nothing in it that AWS knows: an answer of AWS's, never a fault."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from iamconsole.api.forms import parse
from iamconsole.operations import door, registry
from iamconsole.operations.errors import ApiError
from iamconsole.operations.inputs import operation_model
from tests.operations.test_contract import ready
from tests.world import World


def hollow(shape: Any, prefix: str) -> Iterator[str]:
    """The names under which something unknown makes each structure of an input an empty one."""
    match shape.type_name:
        case "structure":
            yield f"{prefix}.Unknown"
            for member, inner in shape.members.items():
                yield from hollow(inner, f"{prefix}.{inner.serialization.get('name', member)}")
        case "list":
            yield from hollow(shape.member, f"{prefix}.member.1")


def cases() -> list[tuple[str, str, str]]:
    found = []
    for operation in registry.every():
        model = operation_model(operation.name)
        for member, shape in (model.input_shape.members if model and model.input_shape else {}).items():
            names = hollow(shape, shape.serialization.get("name", member))
            found += [(operation.name, member, name) for name in names]
    return found


@pytest.mark.parametrize(("name", "member", "parameter"), cases(), ids=str)
def test_it_answers_for_an_empty_structure(world: World, name: str, member: str, parameter: str) -> None:
    emptied = parse(name, {parameter: "x"})
    assert emptied.keys() == {member}
    try:
        door.perform(world.alice, name, {**ready(registry.get(name)), **emptied})
    except ApiError as error:
        assert error.status < 500
