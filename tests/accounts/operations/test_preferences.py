"""What an account keeps by name: the version of STS's tokens, and properties."""

from __future__ import annotations

import pytest

from accounts.models import Preferences
from iamconsole.api import protocol
from iamconsole.api.forms import parse
from iamconsole.operations import door
from tests.identities.steps import do, error
from tests.world import World, allow


def summary(world: World) -> int:
    version: int = do(world.alice, "GetAccountSummary")["SummaryMap"]["GlobalEndpointTokenVersion"]
    return version


def test_it_shows_the_version_of_tokens_in_the_summary(world: World) -> None:
    assert summary(world) == 1
    do(world.alice, "SetSecurityTokenServicePreferences", GlobalEndpointTokenVersion="v2Token")
    assert summary(world) == 2
    do(world.alice, "SetSecurityTokenServicePreferences", GlobalEndpointTokenVersion="v1Token")
    assert summary(world) == 1
    assert Preferences.objects.count() == 1


def test_it_refuses_a_version_that_there_is_not(world: World) -> None:
    given = {"GlobalEndpointTokenVersion": "v3Token"}
    assert error(world.alice, "SetSecurityTokenServicePreferences", **given)[0] == "ValidationError"


def test_it_keeps_properties_and_changes_those_named(world: World) -> None:
    assert do(world.alice, "GetAccountProperties") == {"Properties": {}}
    do(world.alice, "PutAccountProperties", Properties={"RoleManager/Enabled": "true", "RoleManager/Mode": "a"})
    do(world.alice, "PutAccountProperties", Properties={"RoleManager/Mode": "b"})
    expected = {"RoleManager/Enabled": "true", "RoleManager/Mode": "b"}
    assert do(world.alice, "GetAccountProperties") == {"Properties": expected}
    assert do(world.charlie, "GetAccountProperties") == {"Properties": {}}


@pytest.mark.parametrize(
    "properties",
    [
        {},
        {"NoNamespace": "x"},
        {"A/B/C": "x"},
        {"/A": "x"},
        {"A/": "x"},
        {"1A/B": "x"},
        {f"A/{'b' * 49}": "x"},
        {"A/B": ""},
        {"A/B": "x" * 1_025},
        {"A/B": None},
        {"A/B": "x", "C/D": "x"},
    ],
    ids=range(11),
)
def test_it_refuses_what_is_no_property(world: World, properties: dict[str, str]) -> None:
    assert error(world.alice, "PutAccountProperties", Properties=properties)[0] == "InvalidInput"


def test_it_lets_policies_ask_for_the_namespace(world: World) -> None:
    allow(world.bob, "iam:PutAccountProperties")
    do(world.bob, "PutAccountProperties", Properties={"RoleManager/Enabled": "true"})
    allow(world.bob, "iam:PutAccountProperties", effect="Deny", name="no")
    assert error(world.bob, "PutAccountProperties", Properties={"RoleManager/Enabled": "true"})[0] == "AccessDenied"


def test_it_travels_as_entries_of_a_map(world: World) -> None:
    form = {"Properties.entry.1.key": "A/B", "Properties.entry.1.value": "1", "Properties.entry.2.key": "A/C"}
    assert parse("iam:PutAccountProperties", form) == {"Properties": {"A/B": "1", "A/C": None}}
    written = protocol.answer("iam:GetAccountProperties", {"Properties": {"A/B": "<1>"}}, "x")
    assert "<entry><key>A/B</key><value>&lt;1&gt;</value></entry>" in written
    assert door.perform(world.alice, "iam:GetAccountProperties") == {"Properties": {}}
