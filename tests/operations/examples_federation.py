"""One working call of every operation of organizations, preferences and outbound federation."""

from __future__ import annotations

from collections.abc import Mapping

from accounts.caller import system_caller
from accounts.models import Organization
from iamconsole.operations.door import perform
from tests.cast import ACCOUNT_ID, OTHER_ACCOUNT_ID
from tests.operations.example import Example
from tests.operations.examples_identities import TAGS

TASK = {"arn": "arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials"}


def organization() -> None:
    """alice's account manages, charlie's is a member; everything is on."""
    perform(system_caller(ACCOUNT_ID), "iamconsole:CreateOrganization", {"Members": [OTHER_ACCOUNT_ID]})
    Organization.objects.update(features=["RootCredentialsManagement", "RootSessions"])


def path() -> Mapping[str, object]:
    organization()
    made = Organization.objects.get()
    return {"EntityPath": f"{made.pk}/{made.root_id}"}


def report() -> Mapping[str, object]:
    return {"JobId": perform(system_caller(ACCOUNT_ID), "iam:GenerateOrganizationsAccessReport", path())["JobId"]}


def issuer() -> None:
    perform(system_caller(ACCOUNT_ID), "iam:EnableOutboundWebIdentityFederation")


EXAMPLES: dict[str, Example] = {
    "iamconsole:CreateOrganization": Example({"Members": [OTHER_ACCOUNT_ID]}),
    "iam:ListOrganizationsFeatures": Example({}, organization),
    "iam:EnableOrganizationsRootCredentialsManagement": Example({}, organization),
    "iam:DisableOrganizationsRootCredentialsManagement": Example({}, organization),
    "iam:EnableOrganizationsRootSessions": Example({}, organization),
    "iam:DisableOrganizationsRootSessions": Example({}, organization),
    "iam:GenerateOrganizationsAccessReport": Example({}, path),
    "iam:GetOrganizationsAccessReport": Example({}, report),
    "sts:AssumeRoot": Example({"TargetPrincipal": OTHER_ACCOUNT_ID, "TaskPolicyArn": TASK}, organization),
    "iam:SetSecurityTokenServicePreferences": Example({"GlobalEndpointTokenVersion": "v2Token"}),
    "iam:GetAccountProperties": Example(),
    "iam:PutAccountProperties": Example({"Properties": {"RoleManager/Enabled": "true"}}),
    "iam:EnableOutboundWebIdentityFederation": Example(),
    "iam:DisableOutboundWebIdentityFederation": Example({}, issuer),
    "iam:GetOutboundWebIdentityFederationInfo": Example({}, issuer),
    "sts:GetWebIdentityToken": Example(
        {"Audience": ["https://api.example.com"], "SigningAlgorithm": "ES384", "Tags": TAGS},
        issuer,
        needs=("sts:TagGetWebIdentityToken",),
    ),
    "sts:GetScopedCredentials": Example({"DurationSeconds": 900}, fails_for_others="InvalidSubjectCredentials"),
}
