"""Every operation that is served answers real boto3: parameters as its model wants them, an answer it can read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from botocore import xform_name

from iamconsole.operations import inputs, registry
from iamconsole.operations.registry import Operation
from tests.operations.test_contract import EXAMPLES, ready
from tests.wire.in_process import client, code_of, key_of
from tests.world import World

pytestmark = pytest.mark.django_db
OPERATIONS = [each for each in registry.every() if each.service in ("iam", "sts")]
# Role templates are made by AWS services; there are none here, so that there is no honest answer.
LEFT_OUT = {"iam:AcquireRole", "iam:GetRoleTemplateVersion"}


def test_it_serves_all_of_iam_and_sts_but_what_it_says() -> None:
    models = {service: inputs.service_model(service) for service in ("iam", "sts")}
    names = {f"{service}:{verb}" for service, model in models.items() if model for verb in model.operation_names}
    assert names - {each.name for each in OPERATIONS} == LEFT_OUT


@pytest.mark.parametrize("name", sorted(LEFT_OUT))
def test_it_answers_invalid_action_to_the_rest(world: World, name: str) -> None:
    service, _, verb = name.partition(":")
    model = inputs.operation_model(name)
    assert model is not None
    given = {member: _anything(model.input_shape.members[member]) for member in model.input_shape.required_members}
    assert code_of(getattr(client(key_of(world.alice), service), xform_name(verb)), **given) == "InvalidAction"


def _anything(shape: Any) -> object:
    """A value that botocore lets pass."""
    match shape.type_name:
        case "structure":
            return {member: _anything(shape.members[member]) for member in shape.required_members}
        case "integer":
            return 900
        case _:
            return "arn:aws:iam::aws:x/1234567890"


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.name)
def test_it_answers_boto3(world: World, operation: Operation) -> None:
    given, example = ready(operation), EXAMPLES[operation.name]
    key = None if operation.identify else key_of(world.alice)
    call = getattr(client(key, operation.service), xform_name(operation.verb))
    if example.fails_for_others is not None:
        assert code_of(call, **given) == example.fails_for_others
        return
    answer = call(**given)
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert len(answer["ResponseMetadata"]["RequestId"]) == 36
    model = inputs.operation_model(operation.name)
    assert model is not None
    assert list(_missing(model.output_shape, answer, operation.verb)) == []


def _missing(shape: Any, value: Any, where: str) -> Iterable[str]:
    """Members that AWS always gives and boto3 did not find in the answer."""
    if shape is None or value is None:
        return
    if shape.type_name == "structure":
        yield from (f"{where}.{member}" for member in shape.required_members if member not in value)
        for member, inner in shape.members.items():
            if member in value:
                yield from _missing(inner, value[member], f"{where}.{member}")
    elif shape.type_name == "list":
        for item in value:
            yield from _missing(shape.member, item, f"{where}[]")
