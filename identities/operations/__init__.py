"""The verbs of users, groups, roles and their credentials; importing them registers them."""

from identities.operations import (
    access_keys,
    credential_reports,
    sts,
    groups,
    instance_profiles,
    login_profiles,
    memberships,
    mfa_assignment,
    mfa_devices,
    roles,
    service_linked_roles,
    tags,
    users,
)

__all__ = [
    "access_keys",
    "credential_reports",
    "sts",
    "groups",
    "instance_profiles",
    "login_profiles",
    "memberships",
    "mfa_assignment",
    "mfa_devices",
    "roles",
    "service_linked_roles",
    "tags",
    "users",
]
