"""Every operation takes exactly the inputs of AWS's service model, under botocore's names for them."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
from botocore import xform_name

from iamconsole.operations import inputs, registry
from iamconsole.operations.registry import Operation

OPERATIONS = [each for each in registry.every() if each.service != "iamconsole"]


def parameters(operation: Operation) -> dict[str, inspect.Parameter]:
    """The function's inputs; the first argument is the call."""
    return dict(list(inspect.signature(operation.run).parameters.items())[1:])


def members(operation: Operation) -> Any:
    model = inputs.operation_model(operation.name)
    assert model is not None
    return model.input_shape


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.name)
def test_it_takes_the_members_of_the_service_model(operation: Operation) -> None:
    taken, shape = parameters(operation), members(operation)
    known = {xform_name(member) for member in shape.members} if shape else set()
    named = {name for name, each in taken.items() if each.kind is inspect.Parameter.KEYWORD_ONLY}
    takes_rest = any(each.kind is inspect.Parameter.VAR_KEYWORD for each in taken.values())
    assert named <= known
    assert takes_rest or named == known


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.name)
def test_it_needs_nothing_that_aws_does_not_need(operation: Operation) -> None:
    shape = members(operation)
    required = {xform_name(member) for member in shape.required_members} if shape else set()
    needed = {
        name
        for name, each in parameters(operation).items()
        if each.default is inspect.Parameter.empty and each.kind is inspect.Parameter.KEYWORD_ONLY
    }
    assert needed <= required
