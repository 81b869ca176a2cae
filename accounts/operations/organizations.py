"""Organizations: made by the installation; the management account turns central root access on and off.

Source: IAM API reference, EnableOrganizationsRootCredentialsManagement and its sisters; IAM user guide,
id_root-enable-root-access. There is no Organizations API here: an organization has all features, and trusts IAM.
"""

from __future__ import annotations

from collections.abc import Sequence

from accounts.models import Account, Organization
from accounts.organizations import CREDENTIALS, SESSIONS, CallerIsNotManagement, managed_by, organization_of
from iamconsole.operations.call import Call
from iamconsole.operations.errors import EntityAlreadyExists, NoSuchEntity
from iamconsole.operations.ids import letters
from iamconsole.operations.registry import Result, operation
from iamconsole.operations.system import need_system


@operation("iamconsole:CreateOrganization")
def create_organization(call: Call, *, members: Sequence[str] = ()) -> Result:
    """Make an organization with the caller's account as its management account."""
    need_system(call, "iamconsole:CreateOrganization")
    accounts = [_free_account(each) for each in dict.fromkeys((call.account_id, *members))]
    made = Organization(pk=f"o-{letters(10).lower()}", root_id=f"r-{letters(4).lower()}", created_at=call.now)
    made.management = accounts[0]
    made.save(force_insert=True)
    made.members.set(accounts)
    return {"OrganizationId": made.pk, "RootId": made.root_id, "Accounts": [each.pk for each in accounts]}


def _free_account(account_id: str) -> Account:
    account = Account.objects.filter(pk=account_id).first()
    if account is None:
        raise NoSuchEntity(f"There is no account {account_id}.")
    if organization_of(account_id) is not None:
        raise EntityAlreadyExists(f"The account {account_id} is in an organization already.")
    return account


@operation("iam:ListOrganizationsFeatures")
def list_organizations_features(call: Call) -> Result:
    """List the features of central root access that are on in the organization."""
    return _shown(managed_by(call.account_id))


@operation("iam:EnableOrganizationsRootCredentialsManagement")
def enable_root_credentials_management(call: Call) -> Result:
    """Let the management account take away, and give back, the root credentials of member accounts."""
    return _set(managed_by(call.account_id, CallerIsNotManagement), CREDENTIALS, on=True)


@operation("iam:DisableOrganizationsRootCredentialsManagement")
def disable_root_credentials_management(call: Call) -> Result:
    """End the management of root credentials of member accounts."""
    return _set(managed_by(call.account_id), CREDENTIALS, on=False)


@operation("iam:EnableOrganizationsRootSessions")
def enable_root_sessions(call: Call) -> Result:
    """Let the management account act as root of member accounts, for privileged tasks."""
    return _set(managed_by(call.account_id, CallerIsNotManagement), SESSIONS, on=True)


@operation("iam:DisableOrganizationsRootSessions")
def disable_root_sessions(call: Call) -> Result:
    """End privileged tasks in member accounts."""
    return _set(managed_by(call.account_id), SESSIONS, on=False)


def _set(organization: Organization, feature: str, *, on: bool) -> Result:
    others = {each for each in organization.features if each != feature}
    organization.features = sorted({*others, feature} if on else others)
    organization.save(update_fields=["features"])
    return _shown(organization)


def _shown(organization: Organization) -> Result:
    return {"OrganizationId": organization.pk, "EnabledFeatures": organization.features}
