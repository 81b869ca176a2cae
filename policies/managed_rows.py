"""Managed policies as pages list them: AWS's and the account's own in one shape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from accounts.caller import Caller
from iamconsole.operations import door
from iamconsole.operations.errors import AccessDenied
from policies.catalog import managed
from policies.models import Policy

CUSTOMER = "Customer managed"
AWS = "AWS managed"
JOB_FUNCTION = "AWS managed - job function"
INLINE = "Customer inline"
TYPES = (CUSTOMER, AWS, JOB_FUNCTION)
TYPE_OPTIONS = (("", "All types"), *((each, each) for each in TYPES))


@dataclass(frozen=True)
class ManagedRow:
    """One managed policy in a list."""

    name: str
    arn: str
    type: str
    attachments: int
    boundaries: int
    description: str
    created: datetime | None

    @property
    def url(self) -> str:
        return reverse("policy", args=[self.arn])

    @property
    def used_as(self) -> str:
        uses = [("Permissions policy", self.attachments), ("Permissions boundary", self.boundaries)]
        return ", ".join(f"{use} ({count})" for use, count in uses if count) or "None"


def policy_type(arn: str) -> str:
    """What the console calls the kind of a managed policy."""
    if not arn.startswith(managed.ARN_PREFIX):
        return CUSTOMER
    return JOB_FUNCTION if managed.is_job_function(arn) else AWS


def managed_rows(caller: Caller) -> tuple[list[ManagedRow], AccessDenied | None]:
    """Every managed policy the account can use, by name; or the refusal of iam:ListPolicies."""
    answer = door.ask_all(caller, "iam:ListPolicies", "Policies", {"Scope": "All"})
    if not answer:
        return [], answer.denied
    # ListPolicies leaves descriptions out; whoever may list them sees them in the console's list all the same.
    own = dict(Policy.objects.of(caller.account_id).values_list("name", "description"))
    found = answer.result["Policies"]
    assert isinstance(found, list)
    return sorted((_row(each, own) for each in found), key=lambda row: row.name.lower()), None


def _row(policy: Mapping[str, object], own: Mapping[str, str]) -> ManagedRow:
    name, arn, created = str(policy["PolicyName"]), str(policy["Arn"]), policy.get("CreateDate")
    kind = policy_type(arn)
    return ManagedRow(
        name=name,
        arn=arn,
        type=kind,
        attachments=_count(policy.get("AttachmentCount")),
        boundaries=_count(policy.get("PermissionsBoundaryUsageCount")),
        description=own.get(name, "") if kind == CUSTOMER else _aws_description(arn),
        created=created if isinstance(created, datetime) else None,
    )


def _aws_description(arn: str) -> str:
    known = managed.summary(arn)
    return known.description if known else ""


def _count(value: object) -> int:
    return value if isinstance(value, int) else 0
