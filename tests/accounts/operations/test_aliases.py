from __future__ import annotations

import pytest

from accounts.queries import find_account
from tests.policies.operations.doing import do, refused
from tests.world import World


def aliases(world: World) -> list[str]:
    found = do(world.alice, "ListAccountAliases")
    assert found["IsTruncated"] is False
    return list(found["AccountAliases"])


def test_it_has_no_alias_at_first(world: World) -> None:
    assert aliases(world) == []


def test_it_sets_an_alias_that_leads_to_the_account(world: World) -> None:
    assert do(world.alice, "CreateAccountAlias", AccountAlias="alices-lab") == {}
    assert aliases(world) == ["alices-lab"]
    found = find_account("alices-lab")
    assert found is not None
    assert found.pk == world.alice.account_id


def test_it_replaces_the_alias_it_had(world: World) -> None:
    for alias in ("alices-lab", "blue-lab"):
        do(world.alice, "CreateAccountAlias", AccountAlias=alias)
    assert aliases(world) == ["blue-lab"]
    assert find_account("alices-lab") is None


def test_it_refuses_an_alias_that_another_account_has(world: World) -> None:
    do(world.charlie, "CreateAccountAlias", AccountAlias="the-lab")
    assert refused(world.alice, "CreateAccountAlias", AccountAlias="the-lab") == (
        "EntityAlreadyExists",
        "The account alias the-lab already exists.",
    )


def test_it_refuses_an_alias_that_looks_like_an_account_id(world: World) -> None:
    assert refused(world.alice, "CreateAccountAlias", AccountAlias=world.charlie.account_id) == (
        "ValidationError",
        "The account alias must not be a 12 digit number.",
    )


@pytest.mark.parametrize("alias", ["ab", "Upper", "-start", "end-", "two--hyphens", "x" * 64, "blank blank"])
def test_it_refuses_other_shapes(world: World, alias: str) -> None:
    assert refused(world.alice, "CreateAccountAlias", AccountAlias=alias)[0] == "ValidationError"


def test_it_deletes_the_alias(world: World) -> None:
    do(world.alice, "CreateAccountAlias", AccountAlias="alices-lab")
    assert do(world.alice, "DeleteAccountAlias", AccountAlias="alices-lab") == {}
    assert aliases(world) == []


def test_it_does_not_delete_the_alias_of_another_account(world: World) -> None:
    do(world.charlie, "CreateAccountAlias", AccountAlias="charlies-lab")
    assert refused(world.alice, "DeleteAccountAlias", AccountAlias="charlies-lab") == (
        "NoSuchEntity",
        "The account alias with name charlies-lab cannot be found.",
    )
