"""The calls that Terraform's AWS provider makes for its IAM resources: create, read, change, read, import, destroy.

The provider itself cannot be had everywhere (tests/wire/test_terraform.py runs it where it can). What it reads is held
here: members it takes for a difference when they are there, documents that must mean the same, codes after deletion.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.cast import ACCOUNT_ID
from tests.identities import papers
from tests.identities.steps import trust
from tests.wire.in_process import client, code_of, key_of
from tests.wire.provider import ARN, BOUNDARY, EC2, GONE, TAGS, document, pages, same
from tests.world import World

pytestmark = pytest.mark.django_db


def test_aws_iam_user(iam: Any) -> None:
    made = iam.create_user(UserName="tf", Path="/", Tags=TAGS)["User"]
    assert "PermissionsBoundary" not in made
    iam.put_user_permissions_boundary(UserName="tf", PermissionsBoundary=BOUNDARY)
    iam.update_user(UserName="tf", NewUserName="tf-2", NewPath="/apps/")
    iam.untag_user(UserName="tf-2", TagKeys=["team"])
    iam.tag_user(UserName="tf-2", Tags=[{"Key": "team", "Value": ""}])
    read = iam.get_user(UserName="tf-2")["User"]
    assert (read["UserId"], read["Arn"]) == (made["UserId"], f"{ARN}:user/apps/tf-2")
    assert read["Tags"] == [{"Key": "team", "Value": ""}]
    assert read["PermissionsBoundary"]["PermissionsBoundaryArn"] == BOUNDARY
    iam.delete_user_permissions_boundary(UserName="tf-2")
    assert "PermissionsBoundary" not in iam.get_user(UserName="tf-2")["User"]
    assert code_of(iam.get_user, UserName="tf") == GONE


def test_aws_iam_user_destroyed_by_force(iam: Any) -> None:
    """`force_destroy` takes away all that a user has, kind by kind."""
    iam.create_user(UserName="tf")
    iam.create_group(GroupName="g")
    iam.add_user_to_group(GroupName="g", UserName="tf")
    iam.create_access_key(UserName="tf")
    iam.create_login_profile(UserName="tf", Password="Correct-horse-9")
    iam.upload_ssh_public_key(UserName="tf", SSHPublicKeyBody=papers.ssh_line())
    iam.upload_signing_certificate(UserName="tf", CertificateBody=papers.certificate())
    iam.create_service_specific_credential(UserName="tf", ServiceName="codecommit.amazonaws.com")
    iam.put_user_policy(UserName="tf", PolicyName="p", PolicyDocument=document("s3:GetObject"))
    iam.attach_user_policy(UserName="tf", PolicyArn=BOUNDARY)
    for group in pages(iam, "list_groups_for_user", "Groups", UserName="tf"):
        iam.remove_user_from_group(GroupName=group["GroupName"], UserName="tf")
    for key in pages(iam, "list_access_keys", "AccessKeyMetadata", UserName="tf"):
        iam.delete_access_key(UserName="tf", AccessKeyId=key["AccessKeyId"])
    for key in pages(iam, "list_ssh_public_keys", "SSHPublicKeys", UserName="tf"):
        iam.delete_ssh_public_key(UserName="tf", SSHPublicKeyId=key["SSHPublicKeyId"])
    for each in pages(iam, "list_signing_certificates", "Certificates", UserName="tf"):
        iam.delete_signing_certificate(UserName="tf", CertificateId=each["CertificateId"])
    for each in iam.list_service_specific_credentials(UserName="tf")["ServiceSpecificCredentials"]:
        iam.delete_service_specific_credential(
            UserName="tf", ServiceSpecificCredentialId=each["ServiceSpecificCredentialId"]
        )
    assert pages(iam, "list_mfa_devices", "MFADevices", UserName="tf") == []
    iam.delete_login_profile(UserName="tf")
    assert code_of(iam.delete_login_profile, UserName="tf") == GONE
    for name in pages(iam, "list_user_policies", "PolicyNames", UserName="tf"):
        iam.delete_user_policy(UserName="tf", PolicyName=name)
    for each in pages(iam, "list_attached_user_policies", "AttachedPolicies", UserName="tf"):
        iam.detach_user_policy(UserName="tf", PolicyArn=each["PolicyArn"])
    iam.delete_user(UserName="tf")
    assert code_of(iam.get_user, UserName="tf") == GONE


def test_aws_iam_group(iam: Any) -> None:
    made = iam.create_group(GroupName="tf", Path="/")["Group"]
    iam.update_group(GroupName="tf", NewGroupName="tf-2", NewPath="/apps/")
    read = iam.get_group(GroupName="tf-2")
    assert (read["Group"]["GroupId"], read["Users"]) == (made["GroupId"], [])
    assert iam.list_attached_group_policies(GroupName="tf-2")["AttachedPolicies"] == []
    iam.delete_group(GroupName="tf-2")
    assert code_of(iam.get_group, GroupName="tf-2") == GONE


def test_aws_iam_role(iam: Any) -> None:
    made = iam.create_role(RoleName="tf", Path="/", AssumeRolePolicyDocument=EC2, Tags=TAGS)["Role"]
    read = iam.get_role(RoleName="tf")["Role"]
    assert same(read["AssumeRolePolicyDocument"], EC2)
    assert (read["MaxSessionDuration"], read["Tags"], read["RoleLastUsed"]) == (3_600, TAGS, {})
    assert {"Description", "PermissionsBoundary"}.isdisjoint(read)
    assert pages(iam, "list_role_policies", "PolicyNames", RoleName="tf") == []
    assert pages(iam, "list_attached_role_policies", "AttachedPolicies", RoleName="tf") == []
    lambda_ = trust(Service="lambda.amazonaws.com")
    iam.update_assume_role_policy(RoleName="tf", PolicyDocument=lambda_)
    iam.update_role_description(RoleName="tf", Description="by Terraform")
    iam.update_role(RoleName="tf", MaxSessionDuration=7_200)
    iam.put_role_permissions_boundary(RoleName="tf", PermissionsBoundary=BOUNDARY)
    iam.untag_role(RoleName="tf", TagKeys=["team"])
    read = iam.get_role(RoleName="tf")["Role"]
    assert same(read["AssumeRolePolicyDocument"], lambda_)
    assert (read["RoleId"], read["MaxSessionDuration"], read["Description"]) == (made["RoleId"], 7_200, "by Terraform")
    assert "Tags" not in read and read["PermissionsBoundary"]["PermissionsBoundaryArn"] == BOUNDARY
    iam.delete_role_permissions_boundary(RoleName="tf")
    assert pages(iam, "list_instance_profiles_for_role", "InstanceProfiles", RoleName="tf") == []
    assert iam.list_role_tags(RoleName="tf")["Tags"] == []
    iam.delete_role(RoleName="tf")
    assert code_of(iam.get_role, RoleName="tf") == GONE
    assert code_of(iam.list_instance_profiles_for_role, RoleName="tf") == GONE


def test_aws_iam_policy(iam: Any) -> None:
    first = document("s3:GetObject")
    made = iam.create_policy(PolicyName="tf", Path="/", Description="d", PolicyDocument=first, Tags=TAGS)["Policy"]
    arn = made["Arn"]
    for number in range(2, 8):
        versions = pages(iam, "list_policy_versions", "Versions", PolicyArn=arn)
        if len(versions) == 5:
            oldest = min(
                (each for each in versions if not each["IsDefaultVersion"]), key=lambda each: each["CreateDate"]
            )
            iam.delete_policy_version(PolicyArn=arn, VersionId=oldest["VersionId"])
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=document(f"s3:Get{number}"), SetAsDefault=True)
    read = iam.get_policy(PolicyArn=arn)["Policy"]
    assert (read["DefaultVersionId"], read["Description"], read["Tags"]) == ("v7", "d", TAGS)
    shown = iam.get_policy_version(PolicyArn=arn, VersionId="v7")["PolicyVersion"]["Document"]
    assert same(shown, document("s3:Get7"))
    for version in pages(iam, "list_policy_versions", "Versions", PolicyArn=arn):
        if not version["IsDefaultVersion"]:
            iam.delete_policy_version(PolicyArn=arn, VersionId=version["VersionId"])
    iam.delete_policy(PolicyArn=arn)
    assert code_of(iam.get_policy, PolicyArn=arn) == GONE


@pytest.mark.parametrize("kind", ["user", "group", "role"])
def test_aws_iam_inline_policy(iam: Any, holders: dict[str, str], kind: str) -> None:
    named = {holders[kind]: "tf", "PolicyName": "inline"}
    get = getattr(iam, f"get_{kind}_policy")
    for text in (document("s3:GetObject"), document("s3:PutObject")):
        getattr(iam, f"put_{kind}_policy")(**named, PolicyDocument=text)
        read = get(**named)
        assert (read[holders[kind]], read["PolicyName"]) == ("tf", "inline")
        assert same(read["PolicyDocument"], text)
    getattr(iam, f"delete_{kind}_policy")(**named)
    assert code_of(get, **named) == GONE
    assert code_of(getattr(iam, f"delete_{kind}_policy"), **named) == GONE


@pytest.mark.parametrize("kind", ["user", "group", "role"])
def test_aws_iam_policy_attachment_of_one(iam: Any, holders: dict[str, str], kind: str) -> None:
    named, arn = (
        {holders[kind]: "tf"},
        iam.create_policy(PolicyName="tf", PolicyDocument=document("s3:*"))["Policy"]["Arn"],
    )
    attach, listing = getattr(iam, f"attach_{kind}_policy"), f"list_attached_{kind}_policies"
    attach(**named, PolicyArn=arn)
    attach(**named, PolicyArn=arn)
    assert pages(iam, listing, "AttachedPolicies", **named) == [{"PolicyName": "tf", "PolicyArn": arn}]
    getattr(iam, f"detach_{kind}_policy")(**named, PolicyArn=arn)
    assert pages(iam, listing, "AttachedPolicies", **named) == []
    assert code_of(getattr(iam, f"detach_{kind}_policy"), **named, PolicyArn=arn) == GONE
    assert code_of(getattr(iam, listing), **{holders[kind]: "nobody"}) == GONE


def test_aws_iam_policy_attachment(iam: Any, holders: dict[str, str]) -> None:
    arn = iam.create_policy(PolicyName="tf", PolicyDocument=document("s3:*"))["Policy"]["Arn"]
    for kind, member in holders.items():
        getattr(iam, f"attach_{kind}_policy")(**{member: "tf", "PolicyArn": arn})
    found = iam.get_paginator("list_entities_for_policy").paginate(PolicyArn=arn).build_full_result()
    assert [found[f"Policy{kind}s"][0][f"{kind}Name"] for kind in ("User", "Group", "Role")] == ["tf"] * 3
    for kind, member in holders.items():
        getattr(iam, f"detach_{kind}_policy")(**{member: "tf", "PolicyArn": arn})
    assert code_of(iam.list_entities_for_policy, PolicyArn=f"{arn}x") == GONE


def test_aws_iam_user_group_membership_and_group_membership(iam: Any, holders: dict[str, str]) -> None:
    iam.create_group(GroupName="tf-2")
    for group in ("tf", "tf-2"):
        iam.add_user_to_group(GroupName=group, UserName="tf")
    groups = [each["GroupName"] for each in pages(iam, "list_groups_for_user", "Groups", UserName="tf")]
    assert sorted(groups) == ["tf", "tf-2"]
    assert [each["UserName"] for each in pages(iam, "get_group", "Users", GroupName="tf")] == ["tf"]
    iam.remove_user_from_group(GroupName="tf-2", UserName="tf")
    assert len(pages(iam, "list_groups_for_user", "Groups", UserName="tf")) == 1
    assert code_of(iam.remove_user_from_group, GroupName="nowhere", UserName="tf") == GONE
    assert code_of(iam.list_groups_for_user, UserName="nobody") == GONE


def test_aws_iam_instance_profile(iam: Any, holders: dict[str, str]) -> None:
    iam.create_instance_profile(InstanceProfileName="tf", Path="/", Tags=TAGS)
    iam.get_waiter("instance_profile_exists").wait(InstanceProfileName="tf")
    iam.add_role_to_instance_profile(InstanceProfileName="tf", RoleName="tf")
    read = iam.get_instance_profile(InstanceProfileName="tf")["InstanceProfile"]
    assert ([each["RoleName"] for each in read["Roles"]], read["Tags"]) == (["tf"], TAGS)
    assert same(read["Roles"][0]["AssumeRolePolicyDocument"], EC2)
    iam.tag_instance_profile(InstanceProfileName="tf", Tags=[{"Key": "a", "Value": "b"}])
    assert len(iam.list_instance_profile_tags(InstanceProfileName="tf")["Tags"]) == 2
    assert code_of(iam.delete_instance_profile, InstanceProfileName="tf") == "DeleteConflict"
    assert code_of(iam.delete_role, RoleName="tf") == "DeleteConflict"
    iam.remove_role_from_instance_profile(InstanceProfileName="tf", RoleName="tf")
    assert iam.get_instance_profile(InstanceProfileName="tf")["InstanceProfile"]["Roles"] == []
    iam.delete_instance_profile(InstanceProfileName="tf")
    assert code_of(iam.get_instance_profile, InstanceProfileName="tf") == GONE


def test_aws_iam_openid_connect_provider(iam: Any) -> None:
    made = iam.create_open_id_connect_provider(
        Url="https://idp.example.com/tf", ClientIDList=["a"], ThumbprintList=["0" * 40], Tags=TAGS
    )
    named = {"OpenIDConnectProviderArn": made["OpenIDConnectProviderArn"]}
    iam.update_open_id_connect_provider_thumbprint(**named, ThumbprintList=["1" * 40])
    iam.add_client_id_to_open_id_connect_provider(**named, ClientID="b")
    iam.remove_client_id_from_open_id_connect_provider(**named, ClientID="a")
    read = iam.get_open_id_connect_provider(**named)
    assert (read["Url"], read["ClientIDList"], read["ThumbprintList"], read["Tags"]) == (
        "idp.example.com/tf",
        ["b"],
        ["1" * 40],
        TAGS,
    )
    iam.delete_open_id_connect_provider(**named)
    assert code_of(iam.get_open_id_connect_provider, **named) == GONE


def test_aws_iam_saml_provider(iam: Any) -> None:
    arn = iam.create_saml_provider(Name="tf", SAMLMetadataDocument=papers.metadata(), Tags=TAGS)["SAMLProviderArn"]
    iam.update_saml_provider(SAMLProviderArn=arn, SAMLMetadataDocument=papers.metadata("2031-01-01T00:00:00Z"))
    read = iam.get_saml_provider(SAMLProviderArn=arn)
    assert (read["SAMLMetadataDocument"], read["ValidUntil"].year) == (papers.metadata("2031-01-01T00:00:00Z"), 2031)
    iam.untag_saml_provider(SAMLProviderArn=arn, TagKeys=["team"])
    assert "Tags" not in iam.get_saml_provider(SAMLProviderArn=arn)
    iam.delete_saml_provider(SAMLProviderArn=arn)
    assert code_of(iam.get_saml_provider, SAMLProviderArn=arn) == GONE


def test_aws_iam_account_password_policy(iam: Any) -> None:
    assert code_of(iam.get_account_password_policy) == GONE
    iam.update_account_password_policy(MinimumPasswordLength=12, RequireSymbols=True, AllowUsersToChangePassword=True)
    read = iam.get_account_password_policy()["PasswordPolicy"]
    assert (read["MinimumPasswordLength"], read["RequireSymbols"], read["ExpirePasswords"]) == (12, True, False)
    assert {"MaxPasswordAge", "PasswordReusePrevention"}.isdisjoint(read)
    iam.update_account_password_policy(MaxPasswordAge=90, PasswordReusePrevention=5, HardExpiry=False)
    read = iam.get_account_password_policy()["PasswordPolicy"]
    assert (read["MaxPasswordAge"], read["ExpirePasswords"], read["HardExpiry"]) == (90, True, False)
    assert (read["MinimumPasswordLength"], read["RequireSymbols"]) == (6, False)
    iam.delete_account_password_policy()
    assert code_of(iam.delete_account_password_policy) == GONE


def test_aws_iam_account_alias(iam: Any) -> None:
    assert iam.list_account_aliases()["AccountAliases"] == []
    iam.create_account_alias(AccountAlias="tf-lab")
    assert iam.list_account_aliases()["AccountAliases"] == ["tf-lab"]
    iam.delete_account_alias(AccountAlias="tf-lab")
    assert code_of(iam.delete_account_alias, AccountAlias="tf-lab") == GONE


def test_aws_iam_service_linked_role(iam: Any) -> None:
    given = {"AWSServiceName": "autoscaling.amazonaws.com", "CustomSuffix": "tf", "Description": "d"}
    made = iam.create_service_linked_role(**given)["Role"]
    name = made["RoleName"]
    assert made["Arn"] == f"{ARN}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling_tf"
    iam.update_role(RoleName=name, Description="e")
    iam.tag_role(RoleName=name, Tags=TAGS)
    read = iam.get_role(RoleName=name)["Role"]
    assert (read["Path"], read["Description"], read["Tags"]) == (
        "/aws-service-role/autoscaling.amazonaws.com/",
        "e",
        TAGS,
    )
    task = iam.delete_service_linked_role(RoleName=name)["DeletionTaskId"]
    assert iam.get_service_linked_role_deletion_status(DeletionTaskId=task)["Status"] == "SUCCEEDED"
    assert code_of(iam.get_role, RoleName=name) == GONE
    assert code_of(iam.delete_service_linked_role, RoleName=name) == GONE


def test_aws_iam_security_token_service_preferences(iam: Any) -> None:
    iam.set_security_token_service_preferences(GlobalEndpointTokenVersion="v2Token")
    assert iam.get_account_summary()["SummaryMap"]["GlobalEndpointTokenVersion"] == 2


def test_aws_iam_outbound_web_identity_federation(iam: Any) -> None:
    assert code_of(iam.get_outbound_web_identity_federation_info) == "FeatureDisabled"
    made = iam.enable_outbound_web_identity_federation()["IssuerIdentifier"]
    assert iam.get_outbound_web_identity_federation_info()["IssuerIdentifier"] == made
    iam.disable_outbound_web_identity_federation()
    assert code_of(iam.get_outbound_web_identity_federation_info) == "FeatureDisabled"


def test_what_the_provider_asks_of_sts(world: World) -> None:
    """Before anything else it asks who it is and in which account."""
    said = client(key_of(world.alice), "sts").get_caller_identity()
    assert (said["Account"], said["Arn"]) == (ACCOUNT_ID, world.alice.arn)
