"""The service reference."""

from __future__ import annotations

import pytest

from policies.catalog import services


def test_it_lists_services_by_name() -> None:
    listed = services.services()
    assert "Amazon S3" in [known.name for known in listed]
    assert [known.name.lower() for known in listed] == sorted(known.name.lower() for known in listed)
    assert len(listed) > 400


def test_it_finds_a_service_in_any_case_and_nothing_else() -> None:
    found = services.service("IAM")
    assert found is not None and found.prefix == "iam"
    assert services.service("nonsense") is None


@pytest.mark.parametrize("prefix", ["nonsense", "../services", "", "iam/../iam"])
def test_it_has_no_actions_for_what_is_no_service(prefix: str) -> None:
    assert services.actions(prefix) == []
    assert services.find_action(f"{prefix}:CreateUser") is None


def test_it_finds_an_action_in_any_case_in_its_own_spelling() -> None:
    action = services.find_action("IAM:passrole")
    assert action is not None
    assert action.full_name == "iam:PassRole"
    assert action.access_level == "Write"
    assert [used.name for used in action.resource_types] == ["role"]
    assert "iam:PassedToService" in action.all_condition_keys


@pytest.mark.parametrize("name", ["iam", "iam:", "iam:NoSuchThing", "CreateUser", ""])
def test_it_finds_no_action_where_there_is_none(name: str) -> None:
    assert services.find_action(name) is None
    assert not services.is_wildcard_only(name)


def test_it_tells_actions_that_take_only_the_star() -> None:
    assert services.is_wildcard_only("iam:ListUsers")
    assert not services.is_wildcard_only("iam:GetUser")


def test_it_counts_tagging_and_permissions_management_once() -> None:
    levels = {action.name: action.access_level for action in services.actions("iam")}
    assert levels["TagUser"] == "Tagging"
    assert levels["AttachUserPolicy"] == "Permissions management"
    assert set(levels.values()) == {"List", "Read", "Write", "Tagging", "Permissions management"}


def test_it_gives_resource_types_with_their_arn_pattern() -> None:
    bucket = services.resource_type("s3", "bucket")
    assert bucket is not None
    assert bucket.arn_pattern == "arn:${Partition}:s3:::${BucketName}"
    assert bucket in services.resource_types("s3")


def test_it_gives_condition_keys_with_their_kind() -> None:
    kinds = {known.key: known.kind for known in services.condition_keys("iam")}
    assert kinds["iam:PassedToService"] == "String"
    assert kinds["iam:PermissionsBoundary"] in {"ARN", "String"}


def test_it_searches_inside_a_service() -> None:
    names = [action.full_name for action in services.search_actions("iam:create")]
    assert "iam:CreateUser" in names
    assert all(name.startswith("iam:Create") for name in names)


def test_it_searches_all_services_and_puts_what_begins_like_the_text_first() -> None:
    names = [action.full_name for action in services.search_actions("PassRole", limit=200)]
    assert "iam:PassRole" in names
    begins = [name.split(":")[1].lower().startswith("passrole") for name in names]
    assert begins == sorted(begins, reverse=True)


def test_it_finds_nothing_for_no_text_and_stops_at_the_limit() -> None:
    assert services.search_actions("  ") == []
    assert len(services.search_actions("get", limit=7)) == 7
