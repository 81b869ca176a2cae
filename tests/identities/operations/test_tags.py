"""Tags on users, roles, MFA devices, providers and certificates: one behaviour, six nouns."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cast import ACCOUNT_ID
from tests.identities import papers
from tests.identities.steps import do, error, trust
from tests.operations.examples_providers import CERTIFICATE, OIDC, SAML
from tests.world import World, allow

NOUNS = [
    ("User", {"UserName": "bob"}),
    ("Role", {"RoleName": "worker"}),
    ("MFADevice", {"SerialNumber": f"arn:aws:iam::{ACCOUNT_ID}:mfa/phone"}),
    ("SAMLProvider", SAML),
    ("OpenIDConnectProvider", OIDC),
    ("ServerCertificate", CERTIFICATE),
]
each_noun = pytest.mark.parametrize(("noun", "which"), NOUNS, ids=[noun for noun, _ in NOUNS])
# AWS tells the keys of users and roles apart without regard to case, all others by it.
of_people = pytest.mark.parametrize(("noun", "which"), NOUNS[:2], ids=[noun for noun, _ in NOUNS[:2]])
of_things = pytest.mark.parametrize(("noun", "which"), NOUNS[2:], ids=[noun for noun, _ in NOUNS[2:]])


@pytest.fixture(autouse=True)
def _tagged_things(world: World) -> None:
    do(world.alice, "CreateRole", RoleName="worker", AssumeRolePolicyDocument=trust(Service="ec2.amazonaws.com"))
    do(world.alice, "CreateVirtualMFADevice", VirtualMFADeviceName="phone")
    do(world.alice, "CreateSAMLProvider", Name="school", SAMLMetadataDocument=papers.metadata())
    do(world.alice, "CreateOpenIDConnectProvider", Url="https://idp.example.com/lab")
    pair = {"CertificateBody": papers.certificate(), "PrivateKey": papers.private_pem()}
    do(world.alice, "UploadServerCertificate", **CERTIFICATE, **pair)


def tags(**values: str) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in values.items()]


def listed(world: World, noun: str, which: dict[str, Any]) -> list[dict[str, str]]:
    found: list[dict[str, str]] = do(world.alice, f"List{noun}Tags", **which)["Tags"]
    return found


@each_noun
def test_it_lists_tags_by_key(world: World, noun: str, which: dict[str, Any]) -> None:
    do(world.alice, f"Tag{noun}", Tags=tags(team="blue", cost="7"), **which)
    assert listed(world, noun, which) == tags(cost="7", team="blue")


@each_noun
def test_it_replaces_a_tag(world: World, noun: str, which: dict[str, Any]) -> None:
    do(world.alice, f"Tag{noun}", Tags=tags(team="blue", cost="7"), **which)
    do(world.alice, f"Tag{noun}", Tags=tags(team="red", cost=""), **which)
    assert listed(world, noun, which) == tags(cost="", team="red")


@of_things
def test_it_keeps_tags_whose_keys_differ_in_case(world: World, noun: str, which: dict[str, Any]) -> None:
    do(world.alice, f"Tag{noun}", Tags=tags(team="blue", TEAM="red"), **which)
    do(world.alice, f"Tag{noun}", Tags=tags(Team="green"), **which)
    do(world.alice, f"Untag{noun}", TagKeys=["team"], **which)
    assert listed(world, noun, which) == tags(TEAM="red", Team="green")


@of_things
def test_it_refuses_one_key_twice(world: World, noun: str, which: dict[str, Any]) -> None:
    expected = ("InvalidInput", "Duplicate tag keys found.")
    assert error(world.alice, f"Tag{noun}", Tags=[*tags(team="blue"), *tags(team="red")], **which) == expected


@of_people
def test_it_replaces_a_tag_whatever_its_case(world: World, noun: str, which: dict[str, Any]) -> None:
    do(world.alice, f"Tag{noun}", Tags=tags(team="blue"), **which)
    do(world.alice, f"Tag{noun}", Tags=tags(Team="red", cost=""), **which)
    assert listed(world, noun, which) == tags(Team="red", cost="")


@each_noun
def test_it_removes_tags_and_does_not_mind_missing_ones(world: World, noun: str, which: dict[str, Any]) -> None:
    do(world.alice, f"Tag{noun}", Tags=tags(team="blue", cost="7"), **which)
    do(world.alice, f"Untag{noun}", TagKeys=["team", "nothing"], **which)
    assert listed(world, noun, which) == tags(cost="7")


@of_people
def test_it_removes_a_tag_whatever_its_case(world: World, noun: str, which: dict[str, Any]) -> None:
    do(world.alice, f"Tag{noun}", Tags=tags(team="blue", cost="7"), **which)
    do(world.alice, f"Untag{noun}", TagKeys=["TEAM"], **which)
    assert listed(world, noun, which) == tags(cost="7")


@of_people
def test_it_refuses_one_key_in_two_spellings(world: World, noun: str, which: dict[str, Any]) -> None:
    expected = ("InvalidInput", "Duplicate tag keys found. Please note that Tag keys are case insensitive.")
    assert error(world.alice, f"Tag{noun}", Tags=tags(team="blue", TEAM="red"), **which) == expected


@each_noun
def test_it_refuses_keys_reserved_for_aws(world: World, noun: str, which: dict[str, Any]) -> None:
    expected = ("InvalidInput", "aws: prefixed tag key names are not allowed for external use.")
    assert error(world.alice, f"Tag{noun}", Tags=[{"Key": "AWS:x", "Value": "1"}], **which) == expected


@each_noun
def test_it_refuses_the_51st_tag(world: World, noun: str, which: dict[str, Any]) -> None:
    do(world.alice, f"Tag{noun}", Tags=tags(**{f"key{number}": "x" for number in range(50)}), **which)
    do(world.alice, f"Tag{noun}", Tags=tags(key0="y"), **which)
    expected = ("LimitExceeded", "The number of tags has reached the maximum limit.")
    assert error(world.alice, f"Tag{noun}", Tags=tags(more="x"), **which) == expected


def test_it_refuses_bad_tags_at_creation_too(world: World) -> None:
    twice = tags(team="blue", Team="red")
    assert error(world.alice, "CreateUser", UserName="dana", Tags=twice)[0] == "InvalidInput"


def test_it_decides_by_the_tags_of_the_request_and_of_the_user(world: World) -> None:
    condition = {"StringEquals": {"aws:RequestTag/team": "blue", "aws:ResourceTag/owner": "bob"}}
    do(world.alice, "TagUser", UserName="bob", Tags=tags(owner="bob"))
    document = {"Effect": "Allow", "Action": "iam:TagUser", "Resource": "*", "Condition": condition}
    put_policy(world, document)
    do(world.bob, "TagUser", UserName="bob", Tags=tags(team="blue"))
    assert error(world.bob, "TagUser", UserName="bob", Tags=tags(team="red"))[0] == "AccessDenied"
    assert error(world.bob, "TagUser", UserName="alice", Tags=tags(team="blue"))[0] == "AccessDenied"


def test_it_decides_by_the_keys_that_are_taken_away(world: World) -> None:
    condition = {"ForAllValues:StringEquals": {"aws:TagKeys": ["team"]}}
    put_policy(world, {"Effect": "Allow", "Action": "iam:UntagUser", "Resource": "*", "Condition": condition})
    do(world.bob, "UntagUser", UserName="bob", TagKeys=["team"])
    assert error(world.bob, "UntagUser", UserName="bob", TagKeys=["team", "owner"])[0] == "AccessDenied"


def test_it_needs_the_permission_of_the_noun(world: World) -> None:
    allow(world.bob, "iam:TagUser")
    assert error(world.bob, "TagRole", RoleName="worker", Tags=tags(team="blue"))[0] == "AccessDenied"


def put_policy(world: World, statement: dict[str, Any]) -> None:
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    do(world.alice, "PutUserPolicy", UserName="bob", PolicyName="only-this", PolicyDocument=document)
