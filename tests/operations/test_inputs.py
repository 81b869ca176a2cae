"""What AWS says of inputs that break its service model, as it was recorded."""

from __future__ import annotations

import pytest

from iamconsole.operations.errors import ValidationError
from iamconsole.operations.inputs import check

NAME = "is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-"
PATH = "is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters."
PREFIX = "is invalid. It must begin with the / character and contain only alphanumeric characters and/or / characters."
ASCII = "is invalid. It must contain only printable ASCII characters."
TAG_KEYS = (
    "Member must satisfy constraint: [Member must have length less than or equal to 128, Member must have length"
    " greater than or equal to 1, Member must satisfy regular expression pattern: [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+,"
    " Member must not be null]"
)


def said(operation: str, **given: object) -> str:
    with pytest.raises(ValidationError) as refused:
        check(operation, given)
    return refused.value.message


def one(where: str, constraint: str) -> str:
    return f"1 validation error detected: Value at '{where}' failed to satisfy constraint: {constraint}"


@pytest.mark.parametrize(
    ("operation", "given", "text"),
    [
        ("iam:CreateUser", {"UserName": "a/b"}, f"The specified value for userName {NAME}"),
        ("iam:DeleteUser", {"UserName": "a b"}, f"The specified value for userName {NAME}"),
        ("iam:UpdateUser", {"UserName": "a", "NewUserName": "ä"}, f"The specified value for newUserName {NAME}"),
        ("iam:UpdateGroup", {"GroupName": "a", "NewGroupName": "/"}, f"The specified value for newGroupName {NAME}"),
        ("iam:GetRole", {"RoleName": "arn:aws:iam::1:role/a"}, f"The specified value for roleName {NAME}"),
        ("iam:GetUserPolicy", {"UserName": "a", "PolicyName": "a/b"}, f"The specified value for policyName {NAME}"),
        ("iam:CreateGroup", {"GroupName": "a", "Path": "dev/"}, f"The specified value for path {PATH}"),
        (
            "iam:CreateVirtualMFADevice",
            {"VirtualMFADeviceName": "a", "Path": "/dev"},
            f"The specified value for path {PATH}",
        ),
        ("iam:UpdateUser", {"UserName": "a", "NewPath": "dev"}, f"The specified value for newPath {PATH}"),
        ("iam:ListPolicies", {"PathPrefix": "dev/"}, f"The specified value for pathPrefix {PREFIX}"),
        (
            "iam:PutUserPolicy",
            {"UserName": "a", "PolicyName": "b", "PolicyDocument": "\U0001f600"},
            f"The specified value for policyDocument {ASCII}",
        ),
    ],
)
def test_it_words_the_rules_of_names_and_paths(operation: str, given: dict[str, object], text: str) -> None:
    assert said(operation, **given) == text


@pytest.mark.parametrize(
    ("operation", "given", "text"),
    [
        (
            "iam:GetInstanceProfile",
            {"InstanceProfileName": "a/b"},
            one("instanceProfileName", "Member must satisfy regular expression pattern: [\\w+=,.@-]+"),
        ),
        (
            "iam:GetPolicyVersion",
            {"PolicyArn": "arn:aws:iam::aws:policy/a", "VersionId": "1"},
            one("versionId", "Member must satisfy regular expression pattern: v[1-9][0-9]*(\\.[A-Za-z0-9-]*)?"),
        ),
        ("iam:CreateUser", {"UserName": "a" * 65}, one("userName", "Member must have length less than or equal to 64")),
        ("iam:CreateUser", {"UserName": ""}, one("userName", "Member must have length greater than or equal to 1")),
        ("iam:CreateUser", {}, one("userName", "Member must not be null")),
        (
            "iam:CreateUser",
            {"UserName": "a/b", "Path": "/" * 513},
            one("path", "Member must have length less than or equal to 512"),
        ),
    ],
)
def test_it_quotes_every_other_constraint_of_iam_without_the_value(
    operation: str, given: dict[str, object], text: str
) -> None:
    assert said(operation, **given) == text


def test_it_words_the_letters_of_certificates_and_keys() -> None:
    given = {"ServerCertificateName": "a", "CertificateBody": "b", "PrivateKey": "\u20ac"}
    assert said("iam:UploadServerCertificate", **given) == f"The specified value for privateKey {ASCII}"


def test_it_repeats_values_of_sts() -> None:
    role = "arn:aws:iam::111122223333:role/a"
    null = "1 validation error detected: Value null at 'roleSessionName' failed to satisfy constraint: "
    assert said("sts:AssumeRole", RoleArn=role) == f"{null}Member must not be null"
    short = "1 validation error detected: Value 'a' at 'roleSessionName' failed to satisfy constraint: "
    text = f"{short}Member must have length greater than or equal to 2"
    assert said("sts:AssumeRole", RoleArn=role, RoleSessionName="a") == text


@pytest.mark.parametrize("keys", [["a" * 129], ["good", "b*d"], ["", "good"]])
def test_it_says_of_a_list_of_texts_all_that_is_wanted_of_each(keys: list[str]) -> None:
    assert said("iam:UntagUser", UserName="a", TagKeys=keys) == one("tagKeys", TAG_KEYS)


def test_it_says_which_structure_of_a_list_is_wrong() -> None:
    tags = [{"Key": "a", "Value": "b"}, {"Key": "c" * 129, "Value": "d"}]
    text = one("tags.2.member.key", "Member must have length less than or equal to 128")
    assert said("iam:TagUser", UserName="a", Tags=tags) == text


def test_it_names_several_problems_in_the_order_aws_does() -> None:
    ages = {"MaxPasswordAge": 1096, "PasswordReusePrevention": 25, "MinimumPasswordLength": 129}
    assert said("iam:UpdateAccountPasswordPolicy", **ages) == (
        "3 validation errors detected: Value at 'minimumPasswordLength' failed to satisfy constraint: Member must have"
        " value less than or equal to 128; Value at 'passwordReusePrevention' failed to satisfy constraint: Member must"
        " have value less than or equal to 24; Value at 'maxPasswordAge' failed to satisfy constraint: Member must have"
        " value less than or equal to 1095"
    )
    provider = {"Url": "b" * 256, "ThumbprintList": ["b" * 41], "ClientIDList": ["b" * 256]}
    assert said("iam:CreateOpenIDConnectProvider", **provider) == (
        "3 validation errors detected: Value at 'clientIDList' failed to satisfy constraint: Member must satisfy"
        " constraint: [Member must have length less than or equal to 255, Member must have length greater than or equal"
        " to 1]; Value at 'thumbprintList' failed to satisfy constraint: Member must satisfy constraint: [Member must"
        " have length less than or equal to 40, Member must have length greater than or equal to 40]; Value at 'url'"
        " failed to satisfy constraint: Member must have length less than or equal to 255"
    )
