"""When the accounts of an organization last used each service, read from their event histories.

Source: IAM API reference, GenerateOrganizationsAccessReport and GetOrganizationsAccessReport. Service control policies
are not part of organizations here: what applies everywhere is AWS's own FullAWSAccess, which allows all services.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max

from accounts.models import AccessReport, Organization
from accounts.organizations import managed_by
from iamconsole.events.models import Event
from iamconsole.operations.call import Call
from iamconsole.operations.errors import NoSuchEntity, ValidationError
from iamconsole.operations.paging import page
from iamconsole.operations.registry import Asked, ContextValue, Result, Target, operation
from policies.catalog import services
from policies.last_accessed import REGION, TRACKED

GRANULARITY, FULL_ACCESS = "ORGANIZATION", "p-FullAWSAccess"
Uses = dict[str, dict[str, datetime]]


def report_target(asked: Asked) -> Target:
    """The report on the path asked for."""
    return Target(f"arn:aws:iam::{asked.account_id}:access-report/{asked.text('EntityPath')}")


def policy_context(asked: Asked) -> Mapping[str, ContextValue]:
    """`iam:OrganizationsPolicyId` where one is named."""
    named = asked.text("OrganizationsPolicyId")
    return {"iam:OrganizationsPolicyId": named} if named else {}


@operation("iam:GenerateOrganizationsAccessReport", resource=report_target, context=policy_context)
def generate_organizations_access_report(
    call: Call, *, entity_path: str, organizations_policy_id: str = FULL_ACCESS
) -> Result:
    """Make a report of when the accounts below a path of the organization last used each service."""
    organization = managed_by(call.account_id)
    if organizations_policy_id != FULL_ACCESS:
        raise NoSuchEntity(f"The policy with id {organizations_policy_id} cannot be found.")
    accounts = _accounts(organization, entity_path)
    uses = _uses(accounts, call.now)
    content = {
        "base": f"{organization.pk}/{organization.root_id}",
        "services": [{"prefix": each.prefix, "name": each.name} for each in services.services()],
        "uses": {service: {who: at.isoformat() for who, at in by.items()} for service, by in uses.items()},
    }
    AccessReport.objects.create(
        pk=call.id, account_id=call.account_id, granularity=GRANULARITY, generated_at=call.now, content=content
    )
    return {"JobId": str(call.id)}


def _accounts(organization: Organization, path: str) -> list[str]:
    """The accounts below a path; the management account counts only where it is named itself."""
    organization_id, _, rest = path.rstrip("/").partition("/")
    root_id, _, account_id = rest.partition("/")
    members = set(organization.members.values_list("pk", flat=True))
    if (organization_id, root_id) != (organization.pk, organization.root_id):
        raise ValidationError(f"The entity path {path} is not part of the organization.")
    if not account_id:
        return sorted(members - {organization.management_id})
    if account_id not in members:
        raise ValidationError(f"The entity path {path} is not part of the organization.")
    return [account_id]


def _uses(accounts: Sequence[str], now: datetime) -> Uses:
    """By service and account, the last call; attempts that were refused count too."""
    events = Event.objects.filter(account_id__in=accounts, at__lte=now, at__gte=now - TRACKED)
    found: Uses = {}
    for source, account_id, last in events.order_by().values_list("source", "account_id").annotate(last=Max("at")):
        found.setdefault(source.partition(".")[0], {})[account_id] = last
    return found


@operation("iam:GetOrganizationsAccessReport")
def get_organizations_access_report(
    call: Call,
    *,
    job_id: str,
    max_items: int | None = None,
    marker: str | None = None,
    sort_key: str = "SERVICE_NAMESPACE_ASCENDING",
) -> Result:
    """Show a report on the organization: each service, when an account last used it, and which."""
    job = _job(call, job_id)
    content: dict[str, Any] = job.content
    details = [_detail(each, content) for each in content["services"]]
    details.sort(key=_order(sort_key), reverse=sort_key.endswith("DESCENDING"))
    used = sum("LastAuthenticatedTime" in each for each in details)
    paged = page(call.account_id, "AccessDetails", details, dict, marker=marker, max_items=max_items)
    return {
        "JobStatus": "COMPLETED",
        "JobCreationDate": job.generated_at,
        "JobCompletionDate": job.generated_at,
        "NumberOfServicesAccessible": len(details),
        "NumberOfServicesNotAccessed": len(details) - used,
        **paged,
    }


def _job(call: Call, job_id: str) -> AccessReport:
    try:
        reports = AccessReport.objects.of(call.account_id).filter(granularity=GRANULARITY)
        found: AccessReport | None = reports.filter(pk=UUID(job_id)).first()
    except ValueError:
        found = None
    if found is None:
        raise NoSuchEntity(f"The job with id {job_id} cannot be found.")
    return found


def _detail(service: Mapping[str, str], content: Mapping[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "ServiceName": service["name"],
        "ServiceNamespace": service["prefix"],
        "TotalAuthenticatedEntities": 0,
    }
    by_account: dict[str, str] = content["uses"].get(service["prefix"], {})
    if not by_account:
        return shown
    account_id, last = max(by_account.items(), key=lambda use: use[1])
    return {
        **shown,
        "TotalAuthenticatedEntities": len(by_account),
        "LastAuthenticatedTime": datetime.fromisoformat(last),
        "EntityPath": f"{content['base']}/{account_id}",
        "Region": REGION,
    }


def _order(sort_key: str) -> Any:
    if sort_key.startswith("LAST_AUTHENTICATED"):
        return lambda each: (
            each["LastAuthenticatedTime"].timestamp() if "LastAuthenticatedTime" in each else 0.0,
            each["ServiceNamespace"],
        )
    return lambda each: each["ServiceNamespace"]
