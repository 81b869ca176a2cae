"""The catalogue as the linter sees it."""

from __future__ import annotations

import pytest

from policies.catalog.facts import facts


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("aws:SourceIp", "IPAddress"),
        ("AWS:sourceip", "IPAddress"),
        ("aws:TagKeys", "ArrayOfString"),
        ("aws:PrincipalTag/Team", "String"),
        ("aws:PrincipalTag/", None),
        ("aws:MultiFactorAuthPresent", "Bool"),
        ("s3:prefix", "String"),
        ("s3:ExistingObjectTag/colour", "String"),
        ("kms:EncryptionContext:app", "String"),
        ("token.actions.githubusercontent.com:sub", "String"),
        ("aws:NoSuchKey", None),
        ("nonsense:key", None),
    ],
)
def test_it_knows_the_type_of_a_condition_key(key: str, kind: str | None) -> None:
    assert facts().condition_key_type(key) == kind


def test_it_gives_the_arn_patterns_of_an_action() -> None:
    assert "arn:${Partition}:s3:::${BucketName}/${ObjectName}" in facts().resource_patterns("s3:GetObject")
    assert facts().resource_patterns("iam:ListUsers") == ()
    assert facts().resource_patterns("iam:NoSuchThing") == ()


def test_it_gives_names_and_prefixes() -> None:
    assert "iam" in facts().service_prefixes()
    assert "PassRole" in facts().action_names("IAM")
    assert facts().action_names("nonsense") == ()


def test_it_gives_the_keys_of_an_action_in_lower_case() -> None:
    assert "iam:passedtoservice" in facts().action_condition_keys("iam:PassRole")
    assert "iam:resourcetag/${tagkey}" in facts().action_condition_keys("iam:GetRole")
    assert facts().action_condition_keys("iam:NoSuchThing") == ()
