from __future__ import annotations

import pytest

from policies import quotas
from tests.policies.operations.doing import HOLDERS, do, document, make, refused
from tests.world import World

pytestmark = pytest.mark.parametrize("kind", HOLDERS)


def put(world: World, kind: str, name: str, text: str) -> dict[str, object]:
    return do(world.alice, f"Put{kind}Policy", **{f"{kind}Name": "dana"}, PolicyName=name, PolicyDocument=text)


def test_it_gives_a_policy_back_exactly_as_it_was_put(world: World, kind: str) -> None:
    who, text = make(world.alice, kind), document().replace(" ", "\n  ")
    assert put(world, kind, "Own", text) == {}
    found = do(world.alice, f"Get{kind}Policy", **who, PolicyName="Own")
    assert found == {**who, "PolicyName": "Own", "PolicyDocument": text}


def test_it_replaces_a_policy_of_the_same_name(world: World, kind: str) -> None:
    who = make(world.alice, kind)
    put(world, kind, "Own", document("s3:ListBucket"))
    put(world, kind, "Own", document("s3:GetObject"))
    assert "s3:GetObject" in do(world.alice, f"Get{kind}Policy", **who, PolicyName="Own")["PolicyDocument"]
    assert do(world.alice, f"List{kind}Policies", **who)["PolicyNames"] == ["Own"]


def test_it_lists_names_in_order_and_pages(world: World, kind: str) -> None:
    who = make(world.alice, kind)
    for name in ("Zoo", "Apple", "Mid"):
        put(world, kind, name, document())
    first = do(world.alice, f"List{kind}Policies", **who, MaxItems=2)
    assert (first["PolicyNames"], first["IsTruncated"]) == (["Apple", "Mid"], True)
    second = do(world.alice, f"List{kind}Policies", **who, Marker=first["Marker"])
    assert second == {"PolicyNames": ["Zoo"], "IsTruncated": False}


def test_it_deletes_a_policy(world: World, kind: str) -> None:
    who = make(world.alice, kind)
    put(world, kind, "Own", document())
    assert do(world.alice, f"Delete{kind}Policy", **who, PolicyName="Own") == {}
    assert do(world.alice, f"List{kind}Policies", **who)["PolicyNames"] == []


@pytest.mark.parametrize("verb", ["Get", "Delete"])
def test_it_says_which_policy_is_missing(world: World, kind: str, verb: str) -> None:
    who = make(world.alice, kind)
    assert refused(world.alice, f"{verb}{kind}Policy", **who, PolicyName="Own") == (
        "NoSuchEntity",
        f"The {kind.lower()} policy with name Own cannot be found.",
    )


def test_it_refuses_a_malformed_document(world: World, kind: str) -> None:
    who = make(world.alice, kind)
    for text in ("{", '{"Version": "2012-10-17"}', document("nonsense")):
        code, _ = refused(world.alice, f"Put{kind}Policy", **who, PolicyName="Own", PolicyDocument=text)
        assert code == "MalformedPolicyDocument"


def test_it_counts_all_policies_of_one_together(world: World, kind: str) -> None:
    who, limit = make(world.alice, kind), quotas.INLINE_SIZE[kind.lower()]
    put(world, kind, "First", document(size=limit - 200))
    put(world, kind, "Second", document(size=200))
    third = {"PolicyName": "Third", "PolicyDocument": document()}
    assert refused(world.alice, f"Put{kind}Policy", **who, **third) == (
        "LimitExceeded",
        f"Maximum policy size of {limit} bytes exceeded for {kind.lower()} dana",
    )
    # A replaced policy does not count beside its replacement.
    assert put(world, kind, "First", document(size=limit - 200)) == {}


def test_it_does_not_count_white_space(world: World, kind: str) -> None:
    make(world.alice, kind)
    limit = quotas.INLINE_SIZE[kind.lower()]
    assert put(world, kind, "Own", document(size=limit).replace(" ", " " * 500)) == {}


@pytest.mark.parametrize("verb", ["PutXPolicy", "GetXPolicy", "DeleteXPolicy", "ListXPolicies"])
def test_it_says_who_is_missing(world: World, kind: str, verb: str) -> None:
    inputs: dict[str, str] = {} if verb.startswith("List") else {"PolicyName": "Own"}
    inputs |= {"PolicyDocument": document()} if verb.startswith("Put") else {}
    assert refused(world.alice, verb.replace("X", kind), **{f"{kind}Name": "nobody"}, **inputs) == (
        "NoSuchEntity",
        f"The {kind.lower()} with name nobody cannot be found.",
    )
