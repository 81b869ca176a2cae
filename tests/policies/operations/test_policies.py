from __future__ import annotations

import pytest

from iamconsole.operations.errors import MalformedPolicyDocument
from policies import quotas
from policies.catalog import managed
from policies.models import Policy
from tests.policies.operations.doing import AWS_READ_ONLY, arn, do, document, make, make_policy, refused
from tests.world import World


def test_it_creates_a_policy_as_aws_answers_it(world: World) -> None:
    made = do(world.alice, "CreatePolicy", PolicyName="Reports", Path="/team/", PolicyDocument=document())["Policy"]
    assert made["Arn"] == arn("Reports", "/team/")
    assert made["PolicyId"].startswith("ANPA")
    assert len(made["PolicyId"]) == 21
    assert made["CreateDate"] == made["UpdateDate"]
    assert {key: made[key] for key in ("PolicyName", "Path", "DefaultVersionId", "AttachmentCount")} == {
        "PolicyName": "Reports",
        "Path": "/team/",
        "DefaultVersionId": "v1",
        "AttachmentCount": 0,
    }
    assert (made["PermissionsBoundaryUsageCount"], made["IsAttachable"]) == (0, True)
    assert made.keys().isdisjoint({"Description", "Tags"})


def test_it_answers_with_the_tags_it_was_given(world: World) -> None:
    tags = [{"Key": "team", "Value": "blue"}]
    made = do(world.alice, "CreatePolicy", PolicyName="Reports", PolicyDocument=document(), Tags=tags)
    assert made["Policy"]["Tags"] == tags


@pytest.mark.parametrize("name", ["Reports", "REPORTS"])
def test_it_refuses_a_duplicate_name_in_whatever_case(world: World, name: str) -> None:
    make_policy(world.alice)
    assert refused(world.alice, "CreatePolicy", PolicyName=name, Path="/other/", PolicyDocument=document()) == (
        "EntityAlreadyExists",
        f"A policy called {name} already exists. Duplicate names are not allowed.",
    )


def test_it_lets_another_account_use_the_same_name(world: World) -> None:
    make_policy(world.alice)
    assert make_policy(world.charlie).startswith(f"arn:aws:iam::{world.charlie.account_id}:")


def test_it_refuses_a_malformed_document_in_aws_words(world: World) -> None:
    assert refused(world.alice, "CreatePolicy", PolicyName="Reports", PolicyDocument="{nonsense") == (
        MalformedPolicyDocument.code,
        "Syntax errors in policy.",
    )
    assert not Policy.objects.exists()


def test_it_takes_a_document_of_6144_characters_and_no_more(world: World) -> None:
    make_policy(world.alice, "Fits", PolicyDocument=document(size=quotas.POLICY_SIZE))
    too_long = document(size=quotas.POLICY_SIZE + 1)
    assert refused(world.alice, "CreatePolicy", PolicyName="Long", PolicyDocument=too_long) == (
        "LimitExceeded",
        "Cannot exceed quota for PolicySize: 6144",
    )


def test_it_refuses_one_policy_too_many(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quotas, "POLICIES", 1)
    make_policy(world.alice)
    assert refused(world.alice, "CreatePolicy", PolicyName="Second", PolicyDocument=document()) == (
        "LimitExceeded",
        "Cannot exceed quota for PoliciesPerAccount: 1",
    )


def test_it_takes_tag_keys_that_differ_in_case_only_but_none_twice(world: World) -> None:
    tags = [{"Key": "team", "Value": "a"}, {"Key": "Team", "Value": "b"}]
    made = do(world.alice, "CreatePolicy", PolicyName="Reports", PolicyDocument=document(), Tags=tags)
    assert made["Policy"]["Tags"] == tags
    twice = {"PolicyName": "Second", "PolicyDocument": document(), "Tags": [tags[0], tags[0]]}
    assert refused(world.alice, "CreatePolicy", **twice) == ("InvalidInput", "Duplicate tag keys found.")


def test_it_describes_a_policy_with_description_tags_and_usage(world: World) -> None:
    policy = make_policy(world.alice, Description="monthly", Tags=[{"Key": "team", "Value": "blue"}])
    do(world.alice, "AttachUserPolicy", UserName="bob", PolicyArn=policy)
    do(world.alice, "PutUserPermissionsBoundary", UserName="bob", PermissionsBoundary=policy)
    found = do(world.alice, "GetPolicy", PolicyArn=policy)["Policy"]
    assert (found["Description"], found["Tags"]) == ("monthly", [{"Key": "team", "Value": "blue"}])
    assert (found["AttachmentCount"], found["PermissionsBoundaryUsageCount"]) == (1, 1)


def test_it_describes_a_policy_of_aws(world: World) -> None:
    found = do(world.alice, "GetPolicy", PolicyArn=AWS_READ_ONLY)["Policy"]
    assert (found["PolicyName"], found["Path"], found["Tags"]) == ("ReadOnlyAccess", "/", [])


def test_it_counts_the_usage_of_this_account_only(world: World) -> None:
    do(world.alice, "AttachUserPolicy", UserName="bob", PolicyArn=AWS_READ_ONLY)
    assert do(world.alice, "GetPolicy", PolicyArn=AWS_READ_ONLY)["Policy"]["AttachmentCount"] == 1
    assert do(world.charlie, "GetPolicy", PolicyArn=AWS_READ_ONLY)["Policy"]["AttachmentCount"] == 0


@pytest.mark.parametrize("verb", ["GetPolicy", "DeletePolicy", "ListPolicyVersions"])
def test_it_says_which_policy_was_not_found(world: World, verb: str) -> None:
    wanted = arn("Nothing")
    assert refused(world.alice, verb, PolicyArn=wanted) == ("NoSuchEntity", f"Policy {wanted} was not found.")


def test_it_misses_no_policy_where_one_is_deleted_between_two_pages(world: World) -> None:
    for name in ("beta", "Alpha", "delta", "Gamma"):
        make_policy(world.alice, name)
    first = do(world.alice, "ListPolicies", Scope="Local", MaxItems=2)
    for policy in first["Policies"]:
        do(world.alice, "DeletePolicy", PolicyArn=policy["Arn"])
    second = do(world.alice, "ListPolicies", Scope="Local", MaxItems=2, Marker=first["Marker"])
    names = [[policy["PolicyName"] for policy in page["Policies"]] for page in (first, second)]
    assert names == [["Alpha", "beta"], ["delta", "Gamma"]]


def test_it_finds_a_policy_under_its_own_path_only(world: World) -> None:
    make_policy(world.alice, Path="/team/")
    assert refused(world.alice, "GetPolicy", PolicyArn=arn("Reports"))[0] == "NoSuchEntity"
    assert refused(world.alice, "GetPolicy", PolicyArn=arn("reports", "/team/"))[0] == "NoSuchEntity"


def test_it_does_not_find_a_policy_of_another_account(world: World) -> None:
    theirs = make_policy(world.charlie)
    assert refused(world.alice, "GetPolicy", PolicyArn=theirs) == ("NoSuchEntity", f"Policy {theirs} was not found.")


def test_it_refuses_what_is_no_arn(world: World) -> None:
    assert refused(world.alice, "GetPolicy", PolicyArn="no ARN, but long enough") == (
        "ValidationError",
        "Invalid ARN:  Could not be parsed!",
    )


def names(world: World, **inputs: object) -> list[str]:
    return [each["PolicyName"] for each in do(world.alice, "ListPolicies", **inputs)["Policies"]]


def test_it_lists_local_policies_by_name(world: World) -> None:
    for name in ("Zoo", "abc", "Mid"):
        make_policy(world.alice, name)
    make_policy(world.charlie, "Theirs")
    assert names(world, Scope="Local") == ["abc", "Mid", "Zoo"]


def test_it_lists_policies_of_aws_in_pages(world: World) -> None:
    first = do(world.alice, "ListPolicies", Scope="AWS", MaxItems=1000)
    second = do(world.alice, "ListPolicies", Scope="AWS", MaxItems=1000, Marker=first["Marker"])
    listed = {each["Arn"] for each in first["Policies"] + second["Policies"]}
    assert (first["IsTruncated"], second["IsTruncated"]) == (True, False)
    assert listed == {each.arn for each in managed.all_policies()}


def test_it_lists_both_kinds_by_default(world: World) -> None:
    make_policy(world.alice, "AAA")
    found = do(world.alice, "ListPolicies", MaxItems=2)["Policies"]
    assert found[0]["PolicyName"] == "AAA"
    assert found[1]["Arn"].startswith("arn:aws:iam::aws:")
    assert found[0].keys().isdisjoint({"Description", "Tags"})


def test_it_lists_what_is_used_and_as_what(world: World) -> None:
    attached, bound = make_policy(world.alice, "Attached"), make_policy(world.alice, "Bound")
    make_policy(world.alice, "Unused")
    do(world.alice, "AttachUserPolicy", UserName="bob", PolicyArn=attached)
    do(world.alice, "PutUserPermissionsBoundary", UserName="bob", PermissionsBoundary=bound)
    assert names(world, Scope="Local", OnlyAttached=True) == ["Attached", "Bound"]
    assert names(world, OnlyAttached=True) == ["AdministratorAccess", "Attached", "Bound"]
    assert names(world, Scope="Local", PolicyUsageFilter="PermissionsPolicy") == ["Attached"]
    assert names(world, Scope="Local", PolicyUsageFilter="PermissionsBoundary") == ["Bound"]


def test_it_lists_policies_under_a_path(world: World) -> None:
    make_policy(world.alice, "Inside", Path="/team/blue/")
    make_policy(world.alice, "Outside")
    assert names(world, Scope="Local", PathPrefix="/team/") == ["Inside"]


def test_it_deletes_a_policy_with_its_last_version(world: World) -> None:
    policy = make_policy(world.alice)
    assert do(world.alice, "DeletePolicy", PolicyArn=policy) == {}
    assert refused(world.alice, "GetPolicy", PolicyArn=policy)[0] == "NoSuchEntity"


def test_it_does_not_delete_an_attached_policy(world: World) -> None:
    policy = make_policy(world.alice)
    do(world.alice, "AttachGroupPolicy", **make(world.alice, "Group"), PolicyArn=policy)
    conflict = ("DeleteConflict", "Cannot delete a policy attached to entities.")
    assert refused(world.alice, "DeletePolicy", PolicyArn=policy) == conflict


def test_it_does_not_delete_a_boundary_in_use(world: World) -> None:
    policy = make_policy(world.alice)
    do(world.alice, "PutUserPermissionsBoundary", UserName="bob", PermissionsBoundary=policy)
    conflict = ("DeleteConflict", "Cannot delete a policy attached to entities.")
    assert refused(world.alice, "DeletePolicy", PolicyArn=policy) == conflict


def test_it_does_not_delete_a_policy_with_several_versions(world: World) -> None:
    policy = make_policy(world.alice)
    do(world.alice, "CreatePolicyVersion", PolicyArn=policy, PolicyDocument=document())
    code, text = refused(world.alice, "DeletePolicy", PolicyArn=policy)
    assert code == "DeleteConflict"
    assert text == (
        "This policy has more than one version. Before you delete a policy, you must delete the policy's versions."
        " The default version is deleted with the policy."
    )


@pytest.mark.parametrize(
    ("verb", "inputs"),
    [
        ("DeletePolicy", {}),
        ("CreatePolicyVersion", {"PolicyDocument": document()}),
        ("SetDefaultPolicyVersion", {"VersionId": "v1"}),
        ("DeletePolicyVersion", {"VersionId": "v1"}),
        ("TagPolicy", {"Tags": [{"Key": "a", "Value": "b"}]}),
        ("UntagPolicy", {"TagKeys": ["a"]}),
    ],
)
def test_it_lets_nobody_change_a_policy_of_aws(world: World, verb: str, inputs: dict[str, object]) -> None:
    for caller in (world.alice, world.root):
        assert refused(caller, verb, PolicyArn=AWS_READ_ONLY, **inputs) == (
            "AccessDenied",
            f"User: {caller.arn} is not authorized to perform: iam:{verb} on resource: policy {AWS_READ_ONLY}",
        )


def test_it_names_the_policy_in_a_refusal_as_aws_does(world: World) -> None:
    policy = make_policy(world.alice)
    reason = "because no identity-based policy allows the iam:{} action"
    start = f"User: {world.bob.arn} is not authorized to perform: iam:"
    assert refused(world.bob, "GetPolicy", PolicyArn=policy)[1] == (
        f"{start}GetPolicy on resource: policy {policy} {reason.format('GetPolicy')}"
    )
    assert refused(world.bob, "ListPolicies")[1] == (
        f"{start}ListPolicies on resource: policy path / {reason.format('ListPolicies')}"
    )
    assert refused(world.bob, "CreatePolicy", PolicyName="Mine", PolicyDocument=document())[1] == (
        f"{start}CreatePolicy on resource: policy Mine {reason.format('CreatePolicy')}"
    )
