from __future__ import annotations

import json

import pytest

from policies.catalog import managed
from tests.policies.operations.doing import AWS_READ_ONLY, arn, do, document, make_policy, refused
from tests.world import World


def versions(world: World, policy: str) -> list[tuple[str, bool]]:
    listed = do(world.alice, "ListPolicyVersions", PolicyArn=policy)["Versions"]
    return [(each["VersionId"], each["IsDefaultVersion"]) for each in listed]


def add(world: World, policy: str, **more: object) -> str:
    made = do(world.alice, "CreatePolicyVersion", PolicyArn=policy, PolicyDocument=document(), **more)
    return str(made["PolicyVersion"]["VersionId"])


def test_it_adds_a_version_that_is_not_in_force(world: World) -> None:
    policy = make_policy(world.alice)
    made = do(world.alice, "CreatePolicyVersion", PolicyArn=policy, PolicyDocument=document())["PolicyVersion"]
    assert (made["VersionId"], made["IsDefaultVersion"]) == ("v2", False)
    assert "Document" not in made
    assert versions(world, policy) == [("v2", False), ("v1", True)]


def test_it_puts_a_new_version_in_force_when_asked(world: World) -> None:
    policy = make_policy(world.alice)
    add(world, policy, SetAsDefault=True)
    assert versions(world, policy) == [("v2", True), ("v1", False)]
    assert do(world.alice, "GetPolicy", PolicyArn=policy)["Policy"]["DefaultVersionId"] == "v2"


def test_it_refuses_a_sixth_version(world: World) -> None:
    policy = make_policy(world.alice)
    for _ in range(4):
        add(world, policy)
    code, text = refused(world.alice, "CreatePolicyVersion", PolicyArn=policy, PolicyDocument=document())
    assert code == "LimitExceeded"
    assert text == (
        "A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing"
        " version."
    )


def test_it_never_uses_a_version_number_again(world: World) -> None:
    policy = make_policy(world.alice)
    do(world.alice, "DeletePolicyVersion", PolicyArn=policy, VersionId=add(world, policy))
    assert add(world, policy) == "v3"


def test_it_refuses_a_malformed_version(world: World) -> None:
    policy = make_policy(world.alice)
    code, _ = refused(world.alice, "CreatePolicyVersion", PolicyArn=policy, PolicyDocument="{}")
    assert code == "MalformedPolicyDocument"
    assert versions(world, policy) == [("v1", True)]


def test_it_refuses_a_version_that_is_too_long(world: World) -> None:
    policy = make_policy(world.alice)
    assert refused(world.alice, "CreatePolicyVersion", PolicyArn=policy, PolicyDocument=document(size=6145)) == (
        "LimitExceeded",
        "Cannot exceed quota for PolicySize: 6144",
    )


def test_it_gives_back_the_document_exactly_as_sent(world: World) -> None:
    text = document("s3:Get%3AObject").replace(", ", ",\n\t   ")
    policy = make_policy(world.alice, PolicyDocument=text)
    found = do(world.alice, "GetPolicyVersion", PolicyArn=policy, VersionId="v1")["PolicyVersion"]
    assert found["Document"] == text
    assert (found["VersionId"], found["IsDefaultVersion"]) == ("v1", True)


def test_it_shows_the_document_of_a_policy_of_aws(world: World) -> None:
    summary = managed.summary(AWS_READ_ONLY)
    assert summary is not None
    version = summary.default_version_id
    found = do(world.alice, "GetPolicyVersion", PolicyArn=AWS_READ_ONLY, VersionId=version)["PolicyVersion"]
    assert json.loads(found["Document"])["Statement"]
    assert versions(world, AWS_READ_ONLY) == [(version, True)]


@pytest.mark.parametrize("verb", ["GetPolicyVersion", "SetDefaultPolicyVersion", "DeletePolicyVersion"])
def test_it_says_which_version_is_missing(world: World, verb: str) -> None:
    policy = make_policy(world.alice)
    assert refused(world.alice, verb, PolicyArn=policy, VersionId="v9") == (
        "NoSuchEntity",
        f"Policy {policy} version v9 does not exist or is not attachable.",
    )


@pytest.mark.parametrize("verb", ["GetPolicyVersion", "SetDefaultPolicyVersion", "DeletePolicyVersion"])
def test_it_speaks_of_the_version_where_the_policy_is_missing(world: World, verb: str) -> None:
    missing = arn("Nothing")
    assert refused(world.alice, verb, PolicyArn=missing, VersionId="v1") == (
        "NoSuchEntity",
        f"Policy {missing} version v1 does not exist or is not attachable.",
    )


def test_it_puts_an_older_version_back_in_force(world: World) -> None:
    policy = make_policy(world.alice)
    add(world, policy, SetAsDefault=True)
    assert do(world.alice, "SetDefaultPolicyVersion", PolicyArn=policy, VersionId="v1") == {}
    assert versions(world, policy) == [("v2", False), ("v1", True)]


def test_it_keeps_the_version_in_force_from_being_deleted(world: World) -> None:
    policy = make_policy(world.alice)
    assert refused(world.alice, "DeletePolicyVersion", PolicyArn=policy, VersionId="v1") == (
        "DeleteConflict",
        "Cannot delete the default version of a policy.",
    )


def test_it_refuses_a_version_that_is_only_almost_one(world: World) -> None:
    policy = make_policy(world.alice)
    assert refused(world.alice, "SetDefaultPolicyVersion", PolicyArn=policy, VersionId="v1.x")[0] == "NoSuchEntity"
    assert refused(world.alice, "SetDefaultPolicyVersion", PolicyArn=policy, VersionId="1")[0] == "ValidationError"


def test_it_moves_the_edited_time_with_each_version(world: World) -> None:
    policy = make_policy(world.alice)
    before = do(world.alice, "GetPolicy", PolicyArn=policy)["Policy"]
    add(world, policy)
    after = do(world.alice, "GetPolicy", PolicyArn=policy)["Policy"]
    assert after["UpdateDate"] > before["UpdateDate"]
    assert after["CreateDate"] == before["CreateDate"]
