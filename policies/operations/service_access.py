"""What services an identity or policy reaches, by which policies, and when each was last used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import AccessReport
from iamconsole.operations.call import Call
from iamconsole.operations.errors import InvalidInput, NoSuchEntity
from iamconsole.operations.paging import page
from iamconsole.operations.registry import Asked, Result, Target, operation
from policies.catalog import services
from policies.engine import Policy, SourceKind
from policies.last_accessed import REGION, report
from policies.service_access import reaches
from policies.simulator import Subject, described, find_subject

KEPT = timedelta(days=7)
Content = dict[str, Any]


def named(asked: Asked) -> Target:
    """The user, group, role or policy in `Arn`."""
    return replace(described(asked.account_id, asked.text("Arn")), policy="")


@operation("iam:ListPoliciesGrantingServiceAccess", resource=named)
def list_policies_granting_service_access(
    call: Call, *, arn: str, service_namespaces: Sequence[str], marker: str | None = None
) -> Result:
    """List the policies of a user, group or role that let it use each of the services."""
    subject = find_subject(call.account_id, arn, call.now)
    for namespace in service_namespaces:
        if services.service(namespace) is None:
            raise InvalidInput(f"Invalid service namespace: {namespace}.")

    def show(namespace: str) -> Result:
        granting = [each for each in subject.policies.identity if reaches(each.document, namespace)]
        granting.sort(key=lambda policy: policy.source.name)
        return {"ServiceNamespace": namespace, "Policies": [_granting(policy, subject) for policy in granting]}

    member = "PoliciesGrantingServiceAccess"
    return page(call.account_id, member, service_namespaces, show, marker=marker, max_items=None)


def _granting(policy: Policy, subject: Subject) -> Result:
    """Inline policies are told apart by what they are on, managed ones by their ARN."""
    source = policy.source
    if source.kind is not SourceKind.INLINE:
        return {"PolicyName": source.name, "PolicyType": "MANAGED", "PolicyArn": source.arn}
    kind, _, name = source.attached_to.partition(" ")
    owner = {"EntityType": (kind or subject.kind).upper(), "EntityName": name or subject.name}
    return {"PolicyName": source.name, "PolicyType": "INLINE", **owner}


@operation("iam:GenerateServiceLastAccessedDetails", resource=named)
def generate_service_last_accessed_details(call: Call, *, arn: str, granularity: str = "SERVICE_LEVEL") -> Result:
    """Make a report of when the services within reach of an identity or policy were last used."""
    content = report(call.account_id, arn, granularity, call.now)
    reports = AccessReport.objects.of(call.account_id)
    reports.filter(generated_at__lt=call.now - KEPT).delete()
    AccessReport.objects.create(
        pk=call.id, account_id=call.account_id, granularity=granularity, generated_at=call.now, content=content
    )
    return {"JobId": str(call.id)}


@operation("iam:GetServiceLastAccessedDetails")
def get_service_last_accessed_details(
    call: Call, *, job_id: str, marker: str | None = None, max_items: int | None = None
) -> Result:
    """Show a report: each service within reach, when it was last used and by whom."""
    job = _job(call, job_id)
    content: Content = job.content

    def show(service: dict[str, str]) -> Result:
        return _service(service, content)

    paged = page(call.account_id, "ServicesLastAccessed", content["services"], show, marker=marker, max_items=max_items)
    return {**_state(job), "JobType": job.granularity, **paged}


@operation("iam:GetServiceLastAccessedDetailsWithEntities")
def get_service_last_accessed_details_with_entities(
    call: Call, *, job_id: str, service_namespace: str, marker: str | None = None, max_items: int | None = None
) -> Result:
    """Show of one service in a report which users and roles used it last, and when."""
    job = _job(call, job_id)
    content: Content = job.content
    if service_namespace not in [each["prefix"] for each in content["services"]]:
        raise InvalidInput(f"The service namespace {service_namespace} is not part of the report.")

    def show(entity: dict[str, str]) -> Result:
        uses = [each for each in content["uses"] if each["service"] == service_namespace]
        last = max((each["at"] for each in uses if each["entity_id"] == entity["Id"]), default="")
        return {"EntityInfo": entity, **({"LastAuthenticated": datetime.fromisoformat(last)} if last else {})}

    paged = page(call.account_id, "EntityDetailsList", content["entities"], show, marker=marker, max_items=max_items)
    return {**_state(job), **paged}


def _job(call: Call, job_id: str) -> AccessReport:
    try:
        found: AccessReport | None = _reports(call).filter(pk=UUID(job_id)).first()
    except ValueError:
        found = None
    if found is None:
        raise NoSuchEntity(f"The job with id {job_id} cannot be found.")
    return found


def _reports(call: Call) -> QuerySet[AccessReport]:
    """Those on identities and policies; an organization's have their own way out."""
    return AccessReport.objects.of(call.account_id).exclude(granularity="ORGANIZATION")


def _state(job: AccessReport) -> Result:
    """A report is made in the call that asks for it."""
    return {"JobStatus": "COMPLETED", "JobCreationDate": job.generated_at, "JobCompletionDate": job.generated_at}


def _service(service: dict[str, str], content: Content) -> Result:
    uses = [each for each in content["uses"] if each["service"] == service["prefix"]]
    shown: Result = {
        "ServiceName": service["name"],
        "ServiceNamespace": service["prefix"],
        "TotalAuthenticatedEntities": len({each["entity_id"] for each in uses}),
        **_last(uses, content, "Authenticated"),
    }
    if service["prefix"] in content["tracked"]:
        actions = content["tracked"][service["prefix"]]
        shown["TrackedActionsLastAccessed"] = [_action(action, uses, content) for action in actions]
    return shown


def _action(action: str, uses: list[dict[str, str]], content: Content) -> Result:
    return {"ActionName": action, **_last([each for each in uses if each["action"] == action], content, "Accessed")}


def _last(uses: list[dict[str, str]], content: Content, verb: str) -> Result:
    """The newest of some uses: LastAuthenticated… of a service, LastAccessed… of an action."""
    if not uses:
        return {}
    newest = max(uses, key=lambda use: use["at"])
    arn = next(each["Arn"] for each in content["entities"] if each["Id"] == newest["entity_id"])
    moment = "LastAuthenticated" if verb == "Authenticated" else "LastAccessedTime"
    return {
        moment: datetime.fromisoformat(newest["at"]),
        f"Last{verb}Entity": arn,
        f"Last{verb}Region": REGION,
    }
