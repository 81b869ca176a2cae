"""The data sources of Terraform's AWS provider for IAM and STS: what they call, and need in the answers."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.cast import ACCOUNT_ID
from tests.identities import papers
from tests.wire.in_process import client, key_of
from tests.wire.kinds.base import every, json_of, only, policy, tags_of, trusting
from tests.wire.provider import ARN, BOUNDARY
from tests.world import World

pytestmark = pytest.mark.django_db
POLICY = f"{ARN}:policy/tf/tf-policy"
TAGS = [{"Key": "team", "Value": "blue"}]
TF_USER = {"UserName": "tf-user"}


@pytest.fixture(autouse=True)
def _around(around: None) -> None:
    """All of them look at something."""


def test_aws_caller_identity(world: World) -> None:
    said = client(key_of(world.alice), "sts").get_caller_identity()
    assert (said["Account"], said["Arn"], said["UserId"]) == (ACCOUNT_ID, world.alice.arn, world.alice.principal_id)


def test_aws_iam_user_and_role(iam: Any) -> None:
    iam.tag_user(**TF_USER, Tags=TAGS)
    iam.put_user_permissions_boundary(**TF_USER, PermissionsBoundary=BOUNDARY)
    user, role = iam.get_user(**TF_USER)["User"], iam.get_role(RoleName="tf-role")["Role"]
    assert (user["PermissionsBoundary"]["PermissionsBoundaryArn"], tags_of(user)) == (BOUNDARY, {"team": "blue"})
    assert (role["Path"], role["RoleLastUsed"], role["AssumeRolePolicyDocument"]) == (
        "/tf/",
        {},
        trusting("ec2.amazonaws.com"),
    )
    assert {"Tags", "Description", "PermissionsBoundary"}.isdisjoint(role)


def test_aws_iam_group(iam: Any) -> None:
    for user in ("tf-user", "tf-user-2"):
        iam.add_user_to_group(UserName=user, GroupName="tf-group")
    pages = list(iam.get_paginator("get_group").paginate(GroupName="tf-group", PaginationConfig={"PageSize": 1}))
    assert [page["Group"]["GroupName"] for page in pages] == ["tf-group"] * 2
    users = [user for page in pages for user in page["Users"]]
    assert [user["UserName"] for user in users] == ["tf-user", "tf-user-2"]
    assert all({"Arn", "UserId", "Path"} <= set(user) for user in users)


@pytest.mark.parametrize("prefix", ["/tf/", None])
def test_aws_iam_policy_by_name(iam: Any, prefix: str | None) -> None:
    """All policies are listed, AWS's own as well, and one must have the name."""
    given = {"PathPrefix": prefix} if prefix else {}
    found = [each for each in every(iam, "list_policies", "Policies", **given) if each["PolicyName"] == "tf-policy"]
    arn = only(found)["Arn"]
    shown = iam.get_policy(PolicyArn=arn)["Policy"]
    version = iam.get_policy_version(PolicyArn=arn, VersionId=shown["DefaultVersionId"])["PolicyVersion"]
    assert (arn, version["Document"]) == (POLICY, policy("s3:*"))


def test_aws_iam_policy_of_aws(iam: Any) -> None:
    found = [each for each in every(iam, "list_policies", "Policies") if each["PolicyName"] == "PowerUserAccess"]
    assert only(found)["Arn"] == BOUNDARY


def test_aws_iam_users_and_roles(iam: Any) -> None:
    iam.update_user(UserName="tf-user-2", NewUserName="tf-user-2", NewPath="/apps/")
    users = every(iam, "list_users", "Users", PathPrefix="/apps/")
    assert [each["Arn"] for each in users] == [f"{ARN}:user/apps/tf-user-2"]
    named = [each["UserName"] for each in every(iam, "list_users", "Users") if re.search("^tf-", each["UserName"])]
    assert named == ["tf-user", "tf-user-2"]
    roles = every(iam, "list_roles", "Roles", PathPrefix="/tf/")
    assert [each["RoleName"] for each in roles] == ["tf-role", "tf-role-2"]


def test_aws_iam_instance_profile_and_profiles(iam: Any) -> None:
    iam.create_instance_profile(InstanceProfileName="tf", Path="/tf/")
    iam.add_role_to_instance_profile(InstanceProfileName="tf", RoleName="tf-role")
    profile = iam.get_instance_profile(InstanceProfileName="tf")["InstanceProfile"]
    (role,) = profile["Roles"]
    assert (role["Arn"], role["RoleId"][:4], role["RoleName"]) == (f"{ARN}:role/tf/tf-role", "AROA", "tf-role")
    (listed,) = every(iam, "list_instance_profiles_for_role", "InstanceProfiles", RoleName="tf-role")
    assert {key: listed[key] for key in ("Arn", "InstanceProfileName", "Path", "InstanceProfileId")} == {
        key: profile[key] for key in ("Arn", "InstanceProfileName", "Path", "InstanceProfileId")
    }


def test_aws_iam_role_policies_and_attachments(iam: Any) -> None:
    iam.put_role_policy(RoleName="tf-role", PolicyName="inline", PolicyDocument=json_of(policy("s3:*")))
    iam.attach_role_policy(RoleName="tf-role", PolicyArn=POLICY)
    assert every(iam, "list_role_policies", "PolicyNames", RoleName="tf-role") == ["inline"]
    given = {"RoleName": "tf-role", "PathPrefix": "/tf/"}
    attached = every(iam, "list_attached_role_policies", "AttachedPolicies", **given)
    assert attached == [{"PolicyName": "tf-policy", "PolicyArn": POLICY}]
    assert every(iam, "list_attached_role_policies", "AttachedPolicies", **{**given, "PathPrefix": "/x/"}) == []


def test_aws_iam_access_keys_and_user_ssh_key(iam: Any) -> None:
    key = iam.create_access_key(**TF_USER)["AccessKey"]
    (listed,) = every(iam, "list_access_keys", "AccessKeyMetadata", **TF_USER)
    assert (listed["AccessKeyId"], listed["Status"], listed["CreateDate"]) == (
        key["AccessKeyId"],
        "Active",
        key["CreateDate"],
    )
    made = iam.upload_ssh_public_key(**TF_USER, SSHPublicKeyBody=papers.ssh_line())["SSHPublicKey"]
    named = {**TF_USER, "SSHPublicKeyId": made["SSHPublicKeyId"]}
    bodies = {way: iam.get_ssh_public_key(**named, Encoding=way)["SSHPublicKey"] for way in ("SSH", "PEM")}
    assert {body["Fingerprint"] for body in bodies.values()} == {made["Fingerprint"]}
    assert bodies["PEM"]["SSHPublicKeyBody"].strip() == papers.public_pem().strip()


def test_aws_iam_account_alias(iam: Any) -> None:
    iam.create_account_alias(AccountAlias="tf-lab")
    assert every(iam, "list_account_aliases", "AccountAliases") == ["tf-lab"]


def test_aws_iam_server_certificate(iam: Any) -> None:
    """The one that is valid longest of those under a path whose names begin so."""
    parts = {"CertificateBody": papers.certificate(), "PrivateKey": papers.private_pem(), "Path": "/tf/"}
    for name in ("tf-1", "tf-2", "other"):
        iam.upload_server_certificate(ServerCertificateName=name, **parts)
    listed = every(iam, "list_server_certificates", "ServerCertificateMetadataList", PathPrefix="/tf/")
    found = [each for each in listed if each["ServerCertificateName"].startswith("tf-")]
    best = max(found, key=lambda each: each["Expiration"])
    shown = iam.get_server_certificate(ServerCertificateName=best["ServerCertificateName"])["ServerCertificate"]
    assert (len(found), shown["CertificateBody"]) == (2, papers.certificate().strip())
    assert shown["ServerCertificateMetadata"] == best


def test_aws_iam_openid_connect_provider_by_url_and_saml_provider(iam: Any) -> None:
    listed = [each["Arn"] for each in iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]]
    arn = only([each for each in listed if each.split("/", 1)[1] == "oidc.example.com/tf"])
    shown = iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    assert (shown["Url"], shown["ClientIDList"], shown["ThumbprintList"]) == ("oidc.example.com/tf", [], [])
    saml = iam.create_saml_provider(Name="tf", SAMLMetadataDocument=papers.metadata("2031-01-01T00:00:00Z"))
    found = iam.get_saml_provider(SAMLProviderArn=saml["SAMLProviderArn"])
    assert (found["ValidUntil"].year, found["CreateDate"].tzinfo is not None) == (2031, True)


def test_aws_iam_session_context(world: World, iam: Any) -> None:
    """From the ARN of a session, which names no path, to its role."""
    trusted = {"Effect": "Allow", "Principal": {"AWS": ACCOUNT_ID}, "Action": "sts:AssumeRole"}
    trust = json_of({"Version": "2012-10-17", "Statement": [trusted]})
    made = iam.create_role(RoleName="deploy", Path="/tf/", AssumeRolePolicyDocument=trust)["Role"]
    sts = client(key_of(world.alice), "sts")
    session = sts.assume_role(RoleArn=made["Arn"], RoleSessionName="tf")["AssumedRoleUser"]["Arn"]
    name = re.fullmatch(r"arn:aws:sts::\d{12}:assumed-role/(.+)/tf", session)
    assert name is not None
    role = iam.get_role(RoleName=name[1])["Role"]
    assert (role["Arn"], role["RoleId"]) == (made["Arn"], made["RoleId"])


def test_aws_iam_principal_policy_simulation(iam: Any) -> None:
    """Lists that nobody filled in are sent empty; a thousand results are asked for at once."""
    iam.put_user_policy(**TF_USER, PolicyName="p", PolicyDocument=json_of(policy("s3:GetObject", Condition={})))
    given = {
        "PolicySourceArn": f"{ARN}:user/tf-user",
        "ActionNames": ["s3:GetObject", "s3:PutObject"],
        "ResourceArns": ["arn:aws:s3:::lab/%3A/x"],
        "PermissionsBoundaryPolicyInputList": [],
        "PolicyInputList": [],
        "ContextEntries": [
            {"ContextKeyName": "aws:SourceIp", "ContextKeyType": "ip", "ContextKeyValues": ["192.0.2.1"]}
        ],
        "MaxItems": 1_000,
    }
    answer = iam.simulate_principal_policy(**given)
    assert answer["IsTruncated"] is False
    decided = {each["EvalActionName"]: each["EvalDecision"] for each in answer["EvaluationResults"]}
    assert decided == {"s3:GetObject": "allowed", "s3:PutObject": "implicitDeny"}
    (allowed,) = [each for each in answer["EvaluationResults"] if each["EvalDecision"] == "allowed"]
    assert allowed["EvalResourceName"] == "arn:aws:s3:::lab/%3A/x"
    assert all(each["SourcePolicyId"] and each["SourcePolicyType"] for each in allowed["MatchedStatements"])
    everywhere = iam.simulate_principal_policy(**{**given, "ResourceArns": []})["EvaluationResults"]
    assert {each["EvalResourceName"] for each in everywhere} == {"*"}


def test_terraform_query_finds_what_could_be_imported(iam: Any) -> None:
    """List resources: everything of a kind, then each by its name; of policies only one's own."""
    iam.create_instance_profile(InstanceProfileName="tf", Path="/tf/")
    iam.create_access_key(**TF_USER)
    iam.put_role_policy(RoleName="tf-role", PolicyName="inline", PolicyDocument=json_of(policy("s3:*")))
    found = {
        "profiles": [
            each["Path"] for each in every(iam, "list_instance_profiles", "InstanceProfiles", PathPrefix="/tf/")
        ],
        "policies": [each["Arn"] for each in every(iam, "list_policies", "Policies", Scope="Local")],
        "groups": [each["GroupName"] for each in every(iam, "list_groups", "Groups")],
        "inline": every(iam, "list_role_policies", "PolicyNames", RoleName="tf-role"),
    }
    assert found == {
        "profiles": ["/tf/"],
        "policies": [POLICY],
        "groups": ["tf-group", "tf-group-2"],
        "inline": ["inline"],
    }
    users = [each["UserName"] for each in every(iam, "list_users", "Users")]
    keys = {user: len(every(iam, "list_access_keys", "AccessKeyMetadata", UserName=user)) for user in users}
    assert (keys["tf-user"], keys["tf-user-2"]) == (1, 0)
