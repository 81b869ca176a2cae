"""How many of each thing an account may hold; the account's row is locked during writes, so a count is exact.

Source: IAM user guide, "IAM and AWS STS quotas" (reference_iam-quotas), the default column.
"""

from __future__ import annotations

from iamconsole.operations.errors import LimitExceeded

QUOTAS: dict[str, int] = {
    "UsersPerAccount": 5_000,
    "GroupsPerAccount": 300,
    "RolesPerAccount": 1_000,
    "InstanceProfilesPerAccount": 1_000,
    "MFADevicesPerAccount": 5_000,
    "GroupsPerUser": 10,
    "AccessKeysPerUser": 2,
    "MFADevicesPerUser": 8,
    "ACLSizePerRole": 2_048,
    "SAMLProvidersPerAccount": 100,
    "PrivateKeysPerSAMLProvider": 2,
    "OpenIdConnectProvidersPerAccount": 100,
    "ClientIdsPerOpenIdConnectProvider": 100,
    "ServerCertificatesPerAccount": 20,
    "CertificatesPerUser": 2,
    "SSHPublicKeysPerUser": 5,
    "ServiceSpecificCredentialsPerUser": 2,
}
TAGS = 50


def leave_room(quota: str, used: int) -> None:
    """One more must fit. Raises AWS's LimitExceeded."""
    if used >= QUOTAS[quota]:
        raise exceeded(quota)


def exceeded(quota: str) -> LimitExceeded:
    """AWS's error for a full quota."""
    return LimitExceeded(f"Cannot exceed quota for {quota}: {QUOTAS[quota]}")
