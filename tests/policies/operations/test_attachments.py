from __future__ import annotations

import pytest

from policies import quotas
from tests.policies.operations.doing import (
    AWS_READ_ONLY,
    HOLDERS,
    SERVICE_ROLE_POLICY,
    arn,
    do,
    make,
    make_policy,
    refused,
)
from tests.world import World

pytestmark = pytest.mark.parametrize("kind", HOLDERS)


def attached(world: World, kind: str, **inputs: object) -> list[dict[str, str]]:
    found = do(world.alice, f"ListAttached{kind}Policies", **inputs)["AttachedPolicies"]
    assert isinstance(found, list)
    return found


def test_it_attaches_policies_of_both_kinds(world: World, kind: str) -> None:
    who, own = make(world.alice, kind), make_policy(world.alice, Path="/team/")
    for policy in (own, AWS_READ_ONLY):
        assert do(world.alice, f"Attach{kind}Policy", **who, PolicyArn=policy) == {}
    assert attached(world, kind, **who) == [
        {"PolicyName": "ReadOnlyAccess", "PolicyArn": AWS_READ_ONLY},
        {"PolicyName": "Reports", "PolicyArn": own},
    ]
    assert [each["PolicyArn"] for each in attached(world, kind, **who, PathPrefix="/team/")] == [own]


def test_it_attaches_a_policy_only_once(world: World, kind: str) -> None:
    who = make(world.alice, kind)
    for _ in range(2):
        do(world.alice, f"Attach{kind}Policy", **who, PolicyArn=AWS_READ_ONLY)
    assert len(attached(world, kind, **who)) == 1


def test_it_detaches(world: World, kind: str) -> None:
    who = make(world.alice, kind)
    do(world.alice, f"Attach{kind}Policy", **who, PolicyArn=AWS_READ_ONLY)
    assert do(world.alice, f"Detach{kind}Policy", **who, PolicyArn=AWS_READ_ONLY) == {}
    assert attached(world, kind, **who) == []


def test_it_says_that_a_policy_cannot_be_attached(world: World, kind: str) -> None:
    who, unknown, theirs = make(world.alice, kind), arn("Nothing"), make_policy(world.charlie)
    for policy in (unknown, theirs):
        assert refused(world.alice, f"Attach{kind}Policy", **who, PolicyArn=policy) == (
            "NoSuchEntity",
            f"Policy {policy} does not exist or is not attachable.",
        )


def test_it_says_that_a_policy_is_not_attached(world: World, kind: str) -> None:
    who = make(world.alice, kind)
    assert refused(world.alice, f"Detach{kind}Policy", **who, PolicyArn=AWS_READ_ONLY) == (
        "NoSuchEntity",
        f"Policy {AWS_READ_ONLY} was not found.",
    )


def test_it_leaves_policies_of_service_linked_roles_to_these(world: World, kind: str) -> None:
    who = make(world.alice, kind)
    assert refused(world.alice, f"Attach{kind}Policy", **who, PolicyArn=SERVICE_ROLE_POLICY) == (
        "PolicyNotAttachable",
        f"Cannot attach a Service Role Policy to a Customer {kind}.",
    )
    assert attached(world, kind, **who) == []


def test_it_refuses_the_arn_of_something_else(world: World, kind: str) -> None:
    who = make(world.alice, kind)
    expected = ("InvalidInput", f"ARN {world.bob.arn} is not valid.")
    assert refused(world.alice, f"Attach{kind}Policy", **who, PolicyArn=world.bob.arn) == expected


@pytest.mark.parametrize("verb", ["Attach", "Detach"])
def test_it_refuses_what_is_no_arn(world: World, kind: str, verb: str) -> None:
    who = make(world.alice, kind)
    assert refused(world.alice, f"{verb}{kind}Policy", **who, PolicyArn="longpolicynamebutnoarn") == (
        "ValidationError",
        "Invalid ARN:  Could not be parsed!",
    )


def test_it_refuses_the_eleventh_policy(world: World, kind: str) -> None:
    who = make(world.alice, kind)
    for number in range(quotas.ATTACHED):
        do(world.alice, f"Attach{kind}Policy", **who, PolicyArn=make_policy(world.alice, f"P{number}"))
    assert refused(world.alice, f"Attach{kind}Policy", **who, PolicyArn=AWS_READ_ONLY) == (
        "LimitExceeded",
        f"Cannot exceed quota for PoliciesPer{kind}: 10",
    )
    # What is there already is no eleventh.
    assert do(world.alice, f"Attach{kind}Policy", **who, PolicyArn=arn("P0")) == {}


@pytest.mark.parametrize("verb", ["AttachXPolicy", "DetachXPolicy", "ListAttachedXPolicies"])
def test_it_says_who_is_missing(world: World, kind: str, verb: str) -> None:
    policy = {} if verb.startswith("List") else {"PolicyArn": AWS_READ_ONLY}
    assert refused(world.alice, verb.replace("X", kind), **{f"{kind}Name": "nobody"}, **policy) == (
        "NoSuchEntity",
        f"The {kind.lower()} with name nobody cannot be found.",
    )


def test_it_pages_the_list(world: World, kind: str) -> None:
    who = make(world.alice, kind)
    for name in ("A", "B", "C"):
        do(world.alice, f"Attach{kind}Policy", **who, PolicyArn=make_policy(world.alice, name))
    first = do(world.alice, f"ListAttached{kind}Policies", **who, MaxItems=2)
    second = do(world.alice, f"ListAttached{kind}Policies", **who, MaxItems=2, Marker=first["Marker"])
    assert [len(each["AttachedPolicies"]) for each in (first, second)] == [2, 1]
    assert (first["IsTruncated"], second["IsTruncated"]) == (True, False)
