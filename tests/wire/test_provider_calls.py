"""What Terraform's AWS provider does beside the life of a resource: starting, waiting, forcing, and what it goes by.

It waits and tries again while IAM has not spread a change; by which codes and words it knows that is held here.
"""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError, WaiterError

from iamconsole.operations.secrets import Secret
from tests.cast import ACCOUNT_ID
from tests.identities import papers
from tests.identities.steps import PASSWORD, codes, enable
from tests.wire.in_process import client, code_of, key_of
from tests.wire.kinds.base import every, json_of, policy, trusting
from tests.wire.provider import ARN, BOUNDARY, GONE
from tests.world import World

pytestmark = pytest.mark.django_db
TF_USER = {"UserName": "tf-user"}
POLICY = f"{ARN}:policy/tf/tf-policy"
EC2 = json_of(trusting("ec2.amazonaws.com"))


def refusal(call: Any, **given: object) -> tuple[str, str]:
    with pytest.raises(ClientError) as raised:
        call(**given)
    error = raised.value.response["Error"]
    return error["Code"], error["Message"]


def test_it_asks_who_it_is(world: World, iam: Any) -> None:
    """STS comes first; where that is to be left out, the account is found in a user's or role's ARN."""
    said = client(key_of(world.alice), "sts").get_caller_identity()
    assert (said["Account"], said["Arn"]) == (ACCOUNT_ID, world.alice.arn)
    assert iam.get_user()["User"]["Arn"] == world.alice.arn
    assert iam.list_roles(MaxItems=1)["Roles"] == []


def test_it_takes_a_role_before_it_begins(world: World, iam: Any, around: None) -> None:
    """The `assume_role` block with all that it can say."""
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "iam:Get*", "Resource": "*"}]}
    trusted = {"Effect": "Allow", "Principal": {"AWS": ACCOUNT_ID}}
    actions = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]
    trust = {"Version": "2012-10-17", "Statement": [{**trusted, "Action": actions}]}
    iam.create_role(RoleName="deploy", AssumeRolePolicyDocument=json_of(trust))
    iam.attach_role_policy(RoleName="deploy", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    key = client(key_of(world.alice), "sts").assume_role(
        RoleArn=f"{ARN}:role/deploy",
        RoleSessionName="aws-go-sdk-1764063145000000000",
        DurationSeconds=900,
        ExternalId="tf",
        Policy=json_of(document),
        PolicyArns=[{"arn": "arn:aws:iam::aws:policy/IAMReadOnlyAccess"}],
        SourceIdentity="alice",
        Tags=[{"Key": "team", "Value": "blue"}],
        TransitiveTagKeys=["team"],
    )["Credentials"]
    session = client(key)
    assert session.get_user(**TF_USER)["User"]["UserName"] == "tf-user"
    assert code_of(session.delete_user, **TF_USER) == "AccessDenied"


def test_lists_that_say_nothing_narrow_nothing(world: World, iam: Any, around: None) -> None:
    """Where nobody gave session policies, Go's SDK may send an empty list of them."""
    trusted = {"Effect": "Allow", "Principal": {"AWS": ACCOUNT_ID}, "Action": "sts:AssumeRole"}
    trust = json_of({"Version": "2012-10-17", "Statement": [trusted]})
    arn = iam.create_role(RoleName="deploy", AssumeRolePolicyDocument=trust, Tags=[])["Role"]["Arn"]
    iam.attach_role_policy(RoleName="deploy", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    nothing: dict[str, Any] = {"PolicyArns": [], "Tags": [], "TransitiveTagKeys": []}
    sts = client(key_of(world.alice), "sts")
    key = sts.assume_role(RoleArn=arn, RoleSessionName="tf", **nothing)["Credentials"]
    client(key).tag_user(**TF_USER, Tags=[{"Key": "by", "Value": "tf"}])
    assert iam.list_user_tags(**TF_USER)["Tags"] == [{"Key": "by", "Value": "tf"}]


def test_boto3_waits_for_what_is_there(iam: Any, around: None) -> None:
    names = {"user": TF_USER, "role": {"RoleName": "tf-role"}, "policy": {"PolicyArn": POLICY}}
    iam.create_instance_profile(InstanceProfileName="tf")
    once = {"Delay": 0, "MaxAttempts": 1}
    for kind, named in {**names, "instance_profile": {"InstanceProfileName": "tf"}}.items():
        waiter = iam.get_waiter(f"{kind}_exists")
        waiter.wait(**named, WaiterConfig=once)
        with pytest.raises(WaiterError, match="Max attempts exceeded"):
            waiter.wait(**{member: f"{value}-no" for member, value in named.items()}, WaiterConfig=once)


def test_a_principal_that_is_not_there_yet_is_waited_for(iam: Any, around: None) -> None:
    trust = json_of(
        {**trusting("x"), "Statement": [{**trusting("x")["Statement"][0], "Principal": {"AWS": f"{ARN}:user/late"}}]}
    )
    for call in (
        lambda: iam.create_role(RoleName="new", AssumeRolePolicyDocument=trust),
        lambda: iam.update_assume_role_policy(RoleName="tf-role", PolicyDocument=trust),
    ):
        code, text = refusal(call)
        assert code == "MalformedPolicyDocument" and "Invalid principal in policy" in text
        iam.create_user(UserName="late")
        call()
        iam.delete_user(UserName="late")


def test_a_role_that_is_not_there_yet_is_waited_for(iam: Any) -> None:
    iam.create_instance_profile(InstanceProfileName="tf")
    code, text = refusal(iam.add_role_to_instance_profile, InstanceProfileName="tf", RoleName="late")
    assert code == GONE and "The role with name" in text


def test_what_is_in_use_is_kept_until_it_is_not(iam: Any, around: None) -> None:
    """Of a role this code is waited for; of the rest it is told."""
    iam.create_instance_profile(InstanceProfileName="tf")
    iam.add_role_to_instance_profile(InstanceProfileName="tf", RoleName="tf-role")
    iam.attach_group_policy(GroupName="tf-group", PolicyArn=POLICY)
    iam.put_user_policy(**TF_USER, PolicyName="p", PolicyDocument=json_of(policy("s3:*")))
    iam.create_policy_version(PolicyArn=POLICY, PolicyDocument=json_of(policy("s3:Get*")))
    for call, named in (
        (iam.delete_role, {"RoleName": "tf-role"}),
        (iam.delete_instance_profile, {"InstanceProfileName": "tf"}),
        (iam.delete_group, {"GroupName": "tf-group"}),
        (iam.delete_user, TF_USER),
        (iam.delete_policy, {"PolicyArn": POLICY}),
        (iam.delete_policy_version, {"PolicyArn": POLICY, "VersionId": "v1"}),
    ):
        assert code_of(call, **named) == "DeleteConflict", call


def test_what_is_there_is_not_made_again(iam: Any, around: None) -> None:
    document, saml = json_of(policy("s3:*")), {"Name": "tf", "SAMLMetadataDocument": papers.metadata()}
    device, profile = {"VirtualMFADeviceName": "tf"}, {"InstanceProfileName": "tf"}
    server = {
        "ServerCertificateName": "tf",
        "CertificateBody": papers.certificate(),
        "PrivateKey": papers.private_pem(),
    }
    once = {"create_saml_provider": saml, "create_virtual_mfa_device": device, "create_instance_profile": profile}
    once |= {"upload_server_certificate": server, "create_login_profile": {**TF_USER, "Password": PASSWORD}}
    once |= {"upload_signing_certificate": {**TF_USER, "CertificateBody": papers.certificate()}}
    once |= {"create_account_alias": {"AccountAlias": "tf-lab"}}
    for name, given in once.items():
        getattr(iam, name)(**given)
    both = {**once, "create_user": TF_USER, "create_group": {"GroupName": "tf-group"}}
    both |= {"create_role": {"RoleName": "tf-role", "AssumeRolePolicyDocument": EC2}}
    both |= {"create_policy": {"PolicyName": "tf-policy", "PolicyDocument": document}}
    both |= {"create_open_id_connect_provider": {"Url": "https://oidc.example.com/tf"}}
    answers = {name: code_of(getattr(iam, name), **given) for name, given in both.items()}
    # AWS tells of a second certificate by a code of its own.
    assert answers.pop("upload_signing_certificate") in ("EntityAlreadyExists", "DuplicateCertificate")
    assert set(answers.values()) == {"EntityAlreadyExists"}, answers


def test_a_role_may_be_changed_in_part(iam: Any, around: None) -> None:
    """A description is changed by one call, a duration by another: neither takes the other back."""
    iam.update_role(RoleName="tf-role", MaxSessionDuration=7_200)
    iam.update_role_description(RoleName="tf-role", Description="by Terraform")
    role = iam.get_role(RoleName="tf-role")["Role"]
    assert (role["Description"], role["MaxSessionDuration"]) == ("by Terraform", 7_200)
    iam.update_role(RoleName="tf-role", Description="")
    role = iam.get_role(RoleName="tf-role")["Role"]
    assert (role.get("Description", ""), role["MaxSessionDuration"]) == ("", 7_200)


def _fill(iam: Any) -> None:
    """All that a user can have."""
    iam.add_user_to_group(GroupName="tf-group", **TF_USER)
    for _ in range(2):
        iam.create_access_key(**TF_USER)
    iam.create_login_profile(**TF_USER, Password=PASSWORD)
    iam.upload_ssh_public_key(**TF_USER, SSHPublicKeyBody=papers.ssh_line())
    iam.upload_signing_certificate(**TF_USER, CertificateBody=papers.certificate())
    for service in ("codecommit.amazonaws.com", "bedrock.amazonaws.com"):
        iam.create_service_specific_credential(**TF_USER, ServiceName=service)
    made = iam.create_virtual_mfa_device(VirtualMFADeviceName="phone")["VirtualMFADevice"]
    seed = Secret(made["Base32StringSeed"].decode())
    first, second = codes(seed).values()
    iam.enable_mfa_device(
        **TF_USER, SerialNumber=made["SerialNumber"], AuthenticationCode1=first, AuthenticationCode2=second
    )
    iam.put_user_policy(**TF_USER, PolicyName="p", PolicyDocument=json_of(policy("s3:*")))
    iam.attach_user_policy(**TF_USER, PolicyArn=BOUNDARY)


def _delete_devices(iam: Any) -> None:
    """Virtual devices of all users are listed, and root's has no name to go by; then what other devices there are."""
    for device in every(iam, "list_virtual_mfa_devices", "VirtualMFADevices", AssignmentStatus="Assigned"):
        if device["User"].get("UserName") == "tf-user":
            iam.deactivate_mfa_device(**TF_USER, SerialNumber=device["SerialNumber"])
            iam.delete_virtual_mfa_device(SerialNumber=device["SerialNumber"])
    assert every(iam, "list_mfa_devices", "MFADevices", **TF_USER) == []


def test_a_user_is_destroyed_by_force(world: World, iam: Any, around: None) -> None:
    """`force_destroy` takes away all that a user has, kind by kind; policies are what it leaves to their resources."""
    enable(world.root, ACCOUNT_ID, "of-root")
    _fill(iam)
    for group in every(iam, "list_groups_for_user", "Groups", **TF_USER):
        iam.remove_user_from_group(GroupName=group["GroupName"], **TF_USER)
    for key in every(iam, "list_access_keys", "AccessKeyMetadata", **TF_USER):
        iam.delete_access_key(**TF_USER, AccessKeyId=key["AccessKeyId"])
    for key in every(iam, "list_ssh_public_keys", "SSHPublicKeys", **TF_USER):
        iam.delete_ssh_public_key(**TF_USER, SSHPublicKeyId=key["SSHPublicKeyId"])
    _delete_devices(iam)
    iam.delete_login_profile(**TF_USER)
    assert code_of(iam.delete_login_profile, **TF_USER) == GONE
    for each in every(iam, "list_signing_certificates", "Certificates", **TF_USER):
        iam.delete_signing_certificate(**TF_USER, CertificateId=each["CertificateId"])
    for each in iam.list_service_specific_credentials(**TF_USER)["ServiceSpecificCredentials"]:
        named = {"ServiceSpecificCredentialId": each["ServiceSpecificCredentialId"]}
        iam.delete_service_specific_credential(**TF_USER, **named)
    assert code_of(iam.delete_user, **TF_USER) == "DeleteConflict"
    iam.delete_user_policy(**TF_USER, PolicyName="p")
    iam.detach_user_policy(**TF_USER, PolicyArn=BOUNDARY)
    iam.delete_user(**TF_USER)
    assert code_of(iam.get_user, **TF_USER) == GONE
