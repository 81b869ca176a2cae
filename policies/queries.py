"""Finding policies: a customer's by their rows, AWS's own in the catalogue; one ARN leads to either."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from accounts.caller import Caller
from iamconsole.operations.errors import AccessDenied, ApiError, InvalidInput, NoSuchEntity, ValidationError
from iamconsole.prepared import Prepared, PreparedValues
from identities.models import Group, Role, User
from policies.catalog import managed
from policies.catalog.managed import ManagedPolicySummary
from policies.models import Attachment, Boundary, Policy

SERVICE_ROLES = "/aws-service-role/"
_POLICY_ARN = re.compile(r"arn:aws[a-z-]*:iam::(?:aws|\d{12}):policy/.+")
Managed = Policy | ManagedPolicySummary
Holder = User | Group | Role


class PolicyNotAttachable(ApiError):
    code, status = "PolicyNotAttachable", 400


def on(holder: Holder) -> dict[str, Any]:
    """The columns by which an attachment, inline policy or boundary belongs to its user, group or role."""
    return {holder.arn_type: holder}


def need_arn(arn: str) -> None:
    """Something that reads as an ARN."""
    parts = arn.split(":", 5)
    if len(parts) < 6 or parts[0] != "arn" or not parts[5]:
        raise ValidationError("Invalid ARN:  Could not be parsed!")


def find_policy(account_id: str, arn: str) -> Policy | None:
    """A customer managed policy of this account."""
    start = f"arn:aws:iam::{account_id}:policy/"
    if not arn.startswith(start):
        return None
    path, _, name = arn[len(start) - 1 :].rpartition("/")
    return _POLICY.first(account_id=account_id, name=name, path=f"{path}/")


_POLICY: Prepared[Policy] = Prepared(
    lambda account_id, name, path: Policy.objects.of(account_id).filter(name=name, path=path),
    "account_id",
    "name",
    "path",
)


def find_managed(account_id: str, arn: str) -> Managed | None:
    """A managed policy that this account can use: its own, or AWS's."""
    return managed.summary(arn) or find_policy(account_id, arn)


def need_managed(account_id: str, arn: str, absent: str = "") -> Managed:
    """The same, or AWS's NoSuchEntity, with the sentence `absent` where the operation has one of its own."""
    need_arn(arn)
    found = find_managed(account_id, arn)
    if found is None:
        raise NoSuchEntity(absent or f"Policy {arn} was not found.")
    return found


def need_attachable(account_id: str, arn: str, what: str = "Policy") -> Managed:
    """The same, with the text AWS has for attaching; `what` is "Scope ARN:" for a boundary."""
    need_arn(arn)
    if not _POLICY_ARN.fullmatch(arn):
        raise InvalidInput(f"ARN {arn} is not valid.")
    return need_managed(account_id, arn, f"{what} {arn} does not exist or is not attachable.")


def need_used_freely(policy: Managed, sentence: str) -> None:
    """Policies that AWS wrote for service-linked roles are on these alone. Raises AWS's PolicyNotAttachable."""
    if not isinstance(policy, Policy) and policy.path.startswith(SERVICE_ROLES):
        raise PolicyNotAttachable(sentence)


def need_own(caller: Caller, arn: str, action: str, absent: str = "") -> Policy:
    """A policy that can be changed: AWS's own belong to AWS, whatever the caller's policies say."""
    found = need_managed(caller.account_id, arn, absent)
    if isinstance(found, Policy):
        return found
    resource = f"policy {arn}"
    raise AccessDenied(
        f"User: {caller.arn} is not authorized to perform: {action} on resource: {resource}",
        caller_arn=caller.arn,
        action=action,
        resource=resource,
    )


@dataclass(frozen=True)
class Version:
    """One version of a managed policy; of AWS's own only the default is known."""

    version_id: str
    is_default: bool
    created_at: object
    document: str


def versions_of(policy: Managed) -> list[Version]:
    """The newest first, as AWS lists them."""
    if isinstance(policy, ManagedPolicySummary):
        text = managed.document(policy.arn)
        return [Version(policy.default_version_id, True, policy.update_date, text)]
    return [
        Version(each.version_id, each.number == policy.default_version, each.created_at, each.document)
        for each in policy.versions.order_by("-number")
    ]


def need_version(policy: Managed, version_id: str) -> Version:
    for each in versions_of(policy):
        if each.version_id == version_id:
            return each
    raise NoSuchEntity(absent_version(policy.arn, version_id))


def absent_version(arn: str, version_id: str) -> str:
    """AWS's sentence for a version that is not there; where the whole policy is not, it speaks of the version too."""
    return f"Policy {arn} version {version_id} does not exist or is not attachable."


@dataclass(frozen=True)
class Usage:
    """How many users, groups and roles of an account use each policy, by ARN: as permissions and as boundary."""

    attached: Mapping[str, int]
    bounds: Mapping[str, int]


def usage(account_id: str, arn: str | None = None) -> Usage:
    """Of all policies, or of the one behind `arn`."""
    return Usage(_used(Attachment, account_id, arn), _used(Boundary, account_id, arn))


def _used(model: type[Attachment] | type[Boundary], account_id: str, arn: str | None) -> Counter[str]:
    rows = model.objects.of(account_id)
    if arn is not None:
        rows = rows.filter(policy_arn=arn)
    return Counter(dict(rows.values_list("policy_arn").annotate(Count("pk")).order_by()))


def boundary_arn(holder: User | Role) -> str | None:
    """The ARN of the boundary in force for a user or role; one that was found by its name brought it along."""
    if "bounded_by" in vars(holder):
        known: str | None = vars(holder)["bounded_by"]
        return known
    found = _BOUNDARIES[holder.arn_type].all(account_id=holder.account_id, holder_id=holder.pk)
    return found[0][0] if found else None


def _bounding(account_id: str, **holder: str) -> QuerySet[Any, Any]:
    return Boundary.objects.of(account_id).filter(**holder).order_by().values_list("policy_arn")


def attached_to(holder: Holder) -> set[str]:
    """The ARNs of the managed policies on a user, group or role itself."""
    rows = _ATTACHED[holder.arn_type].all(account_id=holder.account_id, holder_id=holder.pk)
    return {arn for (arn,) in rows}


def _attached(account_id: str, **holder: str) -> QuerySet[Any, Any]:
    return Attachment.objects.of(account_id).filter(**holder).order_by().values_list("policy_arn")


def _of_holder(kind: str, build: Callable[..., QuerySet[Any, Any]]) -> PreparedValues:
    return PreparedValues(
        lambda account_id, holder_id: build(account_id, **{f"{kind}_id": holder_id}), "account_id", "holder_id"
    )


_BOUNDARIES = {kind: _of_holder(kind, _bounding) for kind in ("user", "role")}
_ATTACHED = {kind: _of_holder(kind, _attached) for kind in ("user", "group", "role")}
