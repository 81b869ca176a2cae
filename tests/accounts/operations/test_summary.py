from __future__ import annotations

from typing import Any

from iamconsole.operations.inputs import operation_model
from tests.identities import papers
from tests.policies.operations.doing import do, document, make, make_policy, refused
from tests.world import World


def summary(world: World) -> dict[str, Any]:
    found = do(world.alice, "GetAccountSummary")["SummaryMap"]
    assert isinstance(found, dict)
    return found


def test_it_counts_what_the_account_holds(world: World) -> None:
    for kind in ("User", "Group", "Role"):
        make(world.alice, kind)
    policy = make_policy(world.alice)
    do(world.alice, "CreatePolicyVersion", PolicyArn=policy, PolicyDocument=document())
    do(world.alice, "CreateVirtualMFADevice", VirtualMFADeviceName="phone")
    make(world.charlie, "Role")
    found = summary(world)
    assert {key: found[key] for key in ("Users", "Groups", "Roles", "Policies", "PolicyVersionsInUse")} == {
        "Users": 3,
        "Groups": 1,
        "Roles": 1,
        "Policies": 1,
        "PolicyVersionsInUse": 2,
    }
    assert (found["MFADevices"], found["MFADevicesInUse"]) == (1, 0)


def test_it_says_how_root_gets_in(world: World) -> None:
    before = summary(world)
    do(world.root, "CreateAccessKey")
    after = summary(world)
    assert (before["AccountAccessKeysPresent"], after["AccountAccessKeysPresent"]) == (0, 1)
    assert (after["AccountMFAEnabled"], after["AccountPasswordPresent"]) == (0, 0)


def test_it_has_every_key_of_aws_summary(world: World) -> None:
    model = operation_model("iam:GetAccountSummary")
    assert model is not None
    assert summary(world).keys() == set(model.output_shape.members["SummaryMap"].key.enum)


def test_it_names_the_quotas(world: World) -> None:
    found = summary(world)
    assert (found["UsersQuota"], found["PoliciesQuota"], found["VersionsPerPolicyQuota"]) == (5000, 1500, 5)
    assert (found["UserPolicySizeQuota"], found["RolePolicySizeQuota"]) == (2048, 10240)


def test_it_has_no_password_policy_of_its_own(world: World) -> None:
    assert refused(world.alice, "GetAccountPasswordPolicy") == (
        "NoSuchEntity",
        f"The Password Policy with domain name {world.alice.account_id} cannot be found.",
    )


def test_it_counts_providers_and_server_certificates(world: World) -> None:
    do(world.alice, "CreateSAMLProvider", Name="school", SAMLMetadataDocument=papers.metadata())
    do(world.alice, "CreateOpenIDConnectProvider", Url="https://idp.example.com")
    pair = {"CertificateBody": papers.certificate(), "PrivateKey": papers.private_pem()}
    do(world.alice, "UploadServerCertificate", ServerCertificateName="www", **pair)
    found = summary(world)
    assert (found["Providers"], found["ServerCertificates"], found["ServerCertificatesQuota"]) == (2, 1, 20)
