from __future__ import annotations

import pytest

from policies.models import Boundary
from tests.policies.operations.doing import AWS_READ_ONLY, SERVICE_ROLE_POLICY, arn, do, make, make_policy, refused
from tests.world import World

pytestmark = pytest.mark.parametrize("kind", ["User", "Role"])


def boundary_of(world: World, kind: str, who: dict[str, str]) -> object:
    return do(world.alice, f"Get{kind}", **who)[kind].get("PermissionsBoundary", {}).get("PermissionsBoundaryArn")


def test_it_sets_and_replaces_a_boundary(world: World, kind: str) -> None:
    who, own = make(world.alice, kind), make_policy(world.alice)
    for policy in (AWS_READ_ONLY, own):
        assert do(world.alice, f"Put{kind}PermissionsBoundary", **who, PermissionsBoundary=policy) == {}
        assert boundary_of(world, kind, who) == policy
    assert Boundary.objects.count() == 1


def test_it_removes_a_boundary(world: World, kind: str) -> None:
    who = make(world.alice, kind)
    do(world.alice, f"Put{kind}PermissionsBoundary", **who, PermissionsBoundary=AWS_READ_ONLY)
    assert do(world.alice, f"Delete{kind}PermissionsBoundary", **who) == {}
    assert boundary_of(world, kind, who) is None


def test_it_refuses_a_policy_that_does_not_exist(world: World, kind: str) -> None:
    who, unknown = make(world.alice, kind), arn("Nothing")
    assert refused(world.alice, f"Put{kind}PermissionsBoundary", **who, PermissionsBoundary=unknown) == (
        "NoSuchEntity",
        f"Scope ARN: {unknown} does not exist or is not attachable.",
    )


def test_it_refuses_what_is_no_arn(world: World, kind: str) -> None:
    who = make(world.alice, kind)
    assert refused(world.alice, f"Put{kind}PermissionsBoundary", **who, PermissionsBoundary="x" * 20) == (
        "ValidationError",
        "Invalid ARN:  Could not be parsed!",
    )


def test_it_refuses_the_arn_of_something_else(world: World, kind: str) -> None:
    who, other = make(world.alice, kind), arn("x").replace(":policy/", ":not_a_policy/")
    given = {**who, "PermissionsBoundary": other}
    expected = ("InvalidInput", f"ARN {other} is not valid.")
    assert refused(world.alice, f"Put{kind}PermissionsBoundary", **given) == expected


def test_it_refuses_a_policy_of_service_linked_roles(world: World, kind: str) -> None:
    given = {**make(world.alice, kind), "PermissionsBoundary": SERVICE_ROLE_POLICY}
    assert refused(world.alice, f"Put{kind}PermissionsBoundary", **given)[0] == "PolicyNotAttachable"


def test_it_calls_the_type_of_a_boundary_policy(world: World, kind: str) -> None:
    who = make(world.alice, kind)
    do(world.alice, f"Put{kind}PermissionsBoundary", **who, PermissionsBoundary=AWS_READ_ONLY)
    shown = do(world.alice, f"Get{kind}", **who)[kind]["PermissionsBoundary"]
    assert shown == {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": AWS_READ_ONLY}


def test_it_says_who_is_missing(world: World, kind: str) -> None:
    nobody, missing = {f"{kind}Name": "nobody"}, f"The {kind.lower()} with name nobody cannot be found."
    put = refused(world.alice, f"Put{kind}PermissionsBoundary", **nobody, PermissionsBoundary=AWS_READ_ONLY)
    assert put == refused(world.alice, f"Delete{kind}PermissionsBoundary", **nobody) == ("NoSuchEntity", missing)
