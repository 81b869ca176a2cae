from __future__ import annotations

from tests.policies.operations.doing import AWS_READ_ONLY, do, make_policy, refused
from tests.world import World


def tag(key: str, value: str) -> dict[str, str]:
    return {"Key": key, "Value": value}


def tags(world: World, policy: str) -> list[dict[str, str]]:
    found = do(world.alice, "ListPolicyTags", PolicyArn=policy)["Tags"]
    assert isinstance(found, list)
    return found


def test_it_adds_and_replaces_tags(world: World) -> None:
    policy = make_policy(world.alice, Tags=[tag("team", "blue"), tag("stage", "test")])
    do(world.alice, "TagPolicy", PolicyArn=policy, Tags=[tag("team", "red"), tag("app", "shop")])
    assert tags(world, policy) == [tag("app", "shop"), tag("team", "red"), tag("stage", "test")]


def test_it_lists_shorter_keys_first(world: World) -> None:
    given = [tag("abc", "1"), tag("b", "2"), tag("z", "3"), tag("a", "4"), tag("A", "5")]
    policy = make_policy(world.alice, Tags=given)
    assert [each["Key"] for each in tags(world, policy)] == ["A", "a", "b", "z", "abc"]


def test_it_goes_on_after_the_last_tag_of_a_page(world: World) -> None:
    policy = make_policy(world.alice, Tags=[tag(key, "x") for key in ("a", "b", "ccc", "dd")])
    first = do(world.alice, "ListPolicyTags", PolicyArn=policy, MaxItems=2)
    do(world.alice, "UntagPolicy", PolicyArn=policy, TagKeys=["a", "b"])
    second = do(world.alice, "ListPolicyTags", PolicyArn=policy, MaxItems=2, Marker=first["Marker"])
    assert [each["Key"] for each in second["Tags"]] == ["dd", "ccc"]


def test_it_removes_tags_and_does_not_mind_missing_ones(world: World) -> None:
    policy = make_policy(world.alice, Tags=[tag("team", "blue"), tag("stage", "test")])
    do(world.alice, "UntagPolicy", PolicyArn=policy, TagKeys=["team", "nothing"])
    assert tags(world, policy) == [tag("stage", "test")]


def test_it_refuses_the_fifty_first_tag(world: World) -> None:
    policy = make_policy(world.alice, Tags=[tag(f"key{number}", "x") for number in range(50)])
    assert refused(world.alice, "TagPolicy", PolicyArn=policy, Tags=[tag("one more", "x")])[0] == "LimitExceeded"
    assert do(world.alice, "TagPolicy", PolicyArn=policy, Tags=[tag("key0", "y")]) == {}


def test_it_knows_no_tags_of_a_policy_of_aws(world: World) -> None:
    assert do(world.alice, "ListPolicyTags", PolicyArn=AWS_READ_ONLY) == {"Tags": [], "IsTruncated": False}
