"""Every registered operation keeps the house's promises; the registry is walked, so a new one is held to them."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from iamconsole.events.models import Event
from iamconsole.operations import door, inputs, registry
from iamconsole.operations.errors import AccessDenied, ApiError
from iamconsole.operations.registry import Operation
from iamconsole.operations.secrets import Secret
from tests.cast import ACCOUNT_ID
from tests.history import unguarded
from tests.operations.example import Example
from tests.operations.examples_accounts import EXAMPLES as ACCOUNTS
from tests.operations.examples_credentials import EXAMPLES as CREDENTIALS
from tests.operations.examples_delegation import EXAMPLES as DELEGATION
from tests.operations.examples_federation import EXAMPLES as FEDERATION
from tests.operations.examples_identities import EXAMPLES as IDENTITIES
from tests.operations.examples_mfa import EXAMPLES as MFA
from tests.operations.examples_policies import EXAMPLES as POLICIES
from tests.operations.examples_providers import EXAMPLES as PROVIDERS
from tests.operations.examples_reports import EXAMPLES as REPORTS
from tests.operations.examples_roles import EXAMPLES as ROLES
from tests.operations.examples_tokens import EXAMPLES as TOKENS
from tests.rows import rows
from tests.world import World, allow

if TYPE_CHECKING:
    from botocore.model import Shape

EXAMPLES: dict[str, Example] = {
    **ACCOUNTS,
    **IDENTITIES,
    **POLICIES,
    **REPORTS,
    **ROLES,
    **PROVIDERS,
    **CREDENTIALS,
    **TOKENS,
    **MFA,
    **FEDERATION,
    **DELEGATION,
}
# Of the console's own operations some are the system caller's, and no policy speaks of them; others take a permission
# of AWS's, as its console does.
# Where a token among the inputs says who calls, the signer does not matter.
AWS_OPERATIONS = [each for each in registry.every() if each.service != "iamconsole" and each.identify is None]
POLICED = [*AWS_OPERATIONS, *(each for each in registry.every() if each.action)]
BY_TOKEN = [each for each in registry.every() if each.identify is not None]
# What AWS answers to everybody who has a valid signature.
OPEN = {"sts:GetCallerIdentity", "sts:GetSessionToken"}
GUARDED = [each for each in POLICED if each.name not in OPEN]
# What only the caller's own user can ask for is held to its shape by its own tests.
FOR_ALL = [each for each in [*AWS_OPERATIONS, *BY_TOKEN] if EXAMPLES[each.name].fails_for_others is None]
pytestmark = pytest.mark.django_db


def ready(operation: Operation) -> Mapping[str, object]:
    """An input that works, with all that it names."""
    example = EXAMPLES[operation.name]
    made = example.setup() if example.setup else None
    return {**example.inputs, **(made or {})}


def name(operation: Operation) -> str:
    return operation.name


def test_it_has_an_example_of_every_operation() -> None:
    assert {each.name for each in registry.every()} <= EXAMPLES.keys()


@pytest.mark.parametrize("operation", list(registry.every()), ids=name)
def test_it_says_in_one_sentence_what_it_does(operation: Operation) -> None:
    assert operation.summary.endswith(".")


@pytest.mark.parametrize("operation", GUARDED, ids=name)
def test_it_is_refused_without_permission(operation: Operation, world: World) -> None:
    given = ready(operation)
    before, events = rows(), Event.objects.count()
    with pytest.raises(AccessDenied) as refusal:
        door.perform(world.bob, operation.name, given)
    assert f"is not authorized to perform: {operation.permission}" in refusal.value.message
    assert rows() == before
    assert Event.objects.count() == events + 1


@pytest.mark.parametrize("operation", POLICED, ids=name)
def test_it_works_with_exactly_its_permission(operation: Operation, world: World) -> None:
    given = ready(operation)
    allow(world.bob, operation.permission, *EXAMPLES[operation.name].needs)
    try:
        door.perform(world.bob, operation.name, given)
    except AccessDenied as refusal:
        pytest.fail(refusal.message)
    except ApiError as error:
        # ChangePassword and its like are about the caller itself: refused for a reason, not for want of permission.
        assert EXAMPLES[operation.name].fails_for_others == error.code


@pytest.mark.parametrize("operation", FOR_ALL, ids=name)
def test_it_answers_in_the_shape_of_the_service_model(operation: Operation, world: World) -> None:
    result = door.perform(world.alice, operation.name, ready(operation))
    model = inputs.operation_model(operation.name)
    assert model is not None, f"AWS has no {operation.name}"
    if model.output_shape is None:
        assert result == {}
    else:
        assert problems(model.output_shape, result, operation.verb) == []


@pytest.mark.parametrize("operation", POLICED, ids=name)
def test_it_leaves_one_event_of_each_call(operation: Operation, world: World) -> None:
    given = ready(operation)
    unguarded().delete()
    try:
        door.perform(world.alice, operation.name, given)
    except ApiError as error:
        assert EXAMPLES[operation.name].fails_for_others == error.code
    event = Event.objects.get()
    assert (event.name, event.principal_arn) == (operation.verb, world.alice.arn)
    assert event.record["eventSource"] == f"{operation.service}.amazonaws.com"


@pytest.mark.parametrize("operation", POLICED, ids=name)
def test_it_does_nothing_to_another_account(operation: Operation, world: World) -> None:
    given = ready(operation)
    before = rows(ACCOUNT_ID)
    with suppress(ApiError):
        door.perform(world.charlie, operation.name, given)
    del before["Account"]
    after = rows(ACCOUNT_ID)
    assert {table: after[table] for table in before} == before


def problems(shape: Shape, value: Any, where: str) -> list[str]:
    """Where a result departs from its AWS shape: unknown or missing members, wrong types."""
    match shape.type_name:
        case "structure":
            return structure_problems(shape, value, where)
        case "list":
            return [each for item in value for each in problems(shape.member, item, f"{where}[]")]  # type: ignore[attr-defined]
        case "map":
            return []
    wanted: Any = {"timestamp": datetime, "boolean": bool, "integer": int, "blob": (bytes, Secret)}.get(
        shape.type_name, (str, Secret)
    )
    return [] if isinstance(value, wanted) else [f"{where} is a {type(value).__name__}, not {shape.type_name}"]


def structure_problems(shape: Any, value: Any, where: str) -> list[str]:
    if not isinstance(value, Mapping):
        return [f"{where} is no structure"]
    found = [f"{where}.{unknown} is no member" for unknown in value.keys() - shape.members.keys()]
    found += [f"{where}.{member} is missing" for member in shape.required_members if member not in value]
    for member, inner in value.items():
        if member in shape.members:
            found += problems(shape.members[member], inner, f"{where}.{member}")
    return found
