"""One working call of every operation of instance profiles and service-linked roles."""

from __future__ import annotations

from collections.abc import Mapping

from tests.operations.example import Example
from tests.operations.examples_identities import ROLE, TAGS, do, role

PROFILE: Mapping[str, object] = {"InstanceProfileName": "web"}
BATCH: Mapping[str, object] = {"AWSServiceName": "batch.amazonaws.com"}


def profile() -> None:
    do("CreateInstanceProfile", **PROFILE, Tags=TAGS)


def profile_and_role() -> None:
    profile()
    role()


def role_in_profile() -> None:
    profile_and_role()
    do("AddRoleToInstanceProfile", **PROFILE, **ROLE)


def service_role() -> None:
    do("CreateServiceLinkedRole", **BATCH)


def deletion() -> Mapping[str, object]:
    service_role()
    return do("DeleteServiceLinkedRole", RoleName="AWSServiceRoleForBatch")


EXAMPLES: dict[str, Example] = {
    "iam:CreateInstanceProfile": Example({**PROFILE, "Path": "/lab/", "Tags": TAGS}),
    "iam:GetInstanceProfile": Example(PROFILE, role_in_profile),
    "iam:ListInstanceProfiles": Example({}, role_in_profile),
    "iam:ListInstanceProfilesForRole": Example(ROLE, role_in_profile),
    "iam:AddRoleToInstanceProfile": Example({**PROFILE, **ROLE}, profile_and_role, needs=("iam:PassRole",)),
    "iam:RemoveRoleFromInstanceProfile": Example({**PROFILE, **ROLE}, role_in_profile),
    "iam:DeleteInstanceProfile": Example(PROFILE, profile),
    "iam:TagInstanceProfile": Example({**PROFILE, "Tags": TAGS}, profile),
    "iam:UntagInstanceProfile": Example({**PROFILE, "TagKeys": ["team"]}, profile),
    "iam:ListInstanceProfileTags": Example(PROFILE, profile),
    "iam:CreateServiceLinkedRole": Example({**BATCH, "Description": "runs batches"}),
    "iam:DeleteServiceLinkedRole": Example({"RoleName": "AWSServiceRoleForBatch"}, service_role),
    "iam:GetServiceLinkedRoleDeletionStatus": Example({}, deletion),
}
