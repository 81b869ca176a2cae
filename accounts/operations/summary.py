"""What an account holds and what it may hold, in numbers."""

from __future__ import annotations

from accounts.models import Account
from accounts.operations.preferences import token_version
from iamconsole.operations.call import Call
from iamconsole.operations.registry import Result, operation
from identities.models import (
    AccessKey,
    Group,
    InstanceProfile,
    MfaDevice,
    OidcProvider,
    Role,
    SamlProvider,
    ServerCertificate,
    SigningCertificate,
    User,
)
from identities.quotas import QUOTAS
from policies import quotas
from policies.models import Policy, PolicyVersion

LIMITS = {
    "PolicyVersionsInUseQuota": 10_000,
    "UsersQuota": QUOTAS["UsersPerAccount"],
    "GroupsQuota": QUOTAS["GroupsPerAccount"],
    "InstanceProfilesQuota": QUOTAS["InstanceProfilesPerAccount"],
    "ServerCertificatesQuota": QUOTAS["ServerCertificatesPerAccount"],
    "SigningCertificatesPerUserQuota": QUOTAS["CertificatesPerUser"],
    "RolesQuota": QUOTAS["RolesPerAccount"],
    "GroupsPerUserQuota": QUOTAS["GroupsPerUser"],
    "AccessKeysPerUserQuota": QUOTAS["AccessKeysPerUser"],
    "AssumeRolePolicySizeQuota": QUOTAS["ACLSizePerRole"],
    "PoliciesQuota": quotas.POLICIES,
    "PolicySizeQuota": quotas.POLICY_SIZE,
    "VersionsPerPolicyQuota": quotas.VERSIONS,
    "AttachedPoliciesPerUserQuota": quotas.ATTACHED,
    "AttachedPoliciesPerGroupQuota": quotas.ATTACHED,
    "AttachedPoliciesPerRoleQuota": quotas.ATTACHED,
    "UserPolicySizeQuota": quotas.INLINE_SIZE["user"],
    "GroupPolicySizeQuota": quotas.INLINE_SIZE["group"],
    "RolePolicySizeQuota": quotas.INLINE_SIZE["role"],
}


@operation("iam:GetAccountSummary")
def get_account_summary(call: Call) -> Result:
    """Count what the account holds, beside its quotas."""
    return {"SummaryMap": {**LIMITS, **_held(call.account_id), **_root(call.account_id)}}


def _held(account_id: str) -> dict[str, int]:
    devices = MfaDevice.objects.of(account_id)
    return {
        "Users": User.objects.of(account_id).count(),
        "Groups": Group.objects.of(account_id).count(),
        "Roles": Role.objects.of(account_id).count(),
        "InstanceProfiles": InstanceProfile.objects.of(account_id).count(),
        "Policies": Policy.objects.of(account_id).count(),
        "PolicyVersionsInUse": PolicyVersion.objects.of(account_id).count(),
        "Providers": SamlProvider.objects.of(account_id).count() + OidcProvider.objects.of(account_id).count(),
        "ServerCertificates": ServerCertificate.objects.of(account_id).count(),
        "MFADevices": devices.count(),
        "MFADevicesInUse": devices.filter(enabled_at__isnull=False).count(),
    }


def _root(account_id: str) -> dict[str, int]:
    """How the root user can get in: 1 or 0; and the version of tokens."""
    password = Account.objects.filter(pk=account_id).exclude(root_password="").exists()
    keys = AccessKey.objects.of(account_id).filter(user__isnull=True).exists()
    certificates = SigningCertificate.objects.of(account_id).filter(user__isnull=True).exists()
    mfa = MfaDevice.objects.of(account_id).filter(for_root=True, enabled_at__isnull=False).exists()
    return {
        "GlobalEndpointTokenVersion": token_version(account_id),
        "AccountPasswordPresent": int(password),
        "AccountAccessKeysPresent": int(keys),
        "AccountSigningCertificatesPresent": int(certificates),
        "AccountMFAEnabled": int(mfa),
    }
