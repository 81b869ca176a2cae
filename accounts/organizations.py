"""Organizations as operations of all apps ask for them: of which an account is a member, which one it manages."""

from __future__ import annotations

from accounts.models import Organization
from iamconsole.operations.errors import ApiError

# The features of central root access.
CREDENTIALS, SESSIONS = "RootCredentialsManagement", "RootSessions"


class OrganizationNotFound(ApiError):
    code, status = "OrganizationNotFoundException", 400


class AccountNotManagement(ApiError):
    code, status = "AccountNotManagementOrDelegatedAdministratorException", 400


class CallerIsNotManagement(ApiError):
    code, status = "CallerIsNotManagementAccountException", 400


def organization_of(account_id: str) -> Organization | None:
    """The organization an account is a member of, its management account included."""
    return Organization.objects.filter(members=account_id).first()


def managed_by(account_id: str, error: type[ApiError] = AccountNotManagement) -> Organization:
    """The organization that the account manages. Raises AWS's errors."""
    found = organization_of(account_id)
    if found is None:
        raise OrganizationNotFound("The account is not a member of an organization.")
    if found.management_id != account_id:
        raise error("The account is not the management account of its organization.")
    return found
