"""When services were last used, read from the event history: by a user or role, a group's members, a policy's holders.

Attempts that were refused count too, as on AWS; the history is looked through as far back as AWS's tracking period.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max, Q, TextField
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from iamconsole.events.models import Event
from iamconsole.operations import registry
from identities.models import Group, Role, User
from policies.catalog import services
from policies.engine import Document, compile_document
from policies.models import Attachment
from policies.queries import need_managed, versions_of
from policies.service_access import allows, reaches
from policies.simulator import find_subject

TRACKED = timedelta(days=400)
REGION = "us-east-1"
Entity = User | Role


@dataclass(frozen=True)
class Use:
    """The last time one entity called one action."""

    service: str
    action: str
    entity_id: str
    at: datetime


def documents_of(account_id: str, arn: str, now: datetime) -> list[Document]:
    """The policies of a user, group or role, or the one managed policy that an ARN names."""
    if ":policy/" in arn:
        default = next(each for each in versions_of(need_managed(account_id, arn)) if each.is_default)
        return [compile_document(default.document, longest=None)]
    return [policy.document for policy in find_subject(account_id, arn, now).policies.identity]


def entities_of(account_id: str, arn: str) -> list[Entity]:
    """Whose use counts: the user or role itself, the members of a group, all that a policy is attached to."""
    users, roles = User.objects.of(account_id), Role.objects.of(account_id)
    name = arn.rpartition("/")[2]
    if ":policy/" in arn:
        held = Attachment.objects.of(account_id).filter(policy_arn=arn)
        through = Group.objects.of(account_id).filter(pk__in=held.filter(group__isnull=False).values("group"))
        direct = Q(pk__in=held.filter(user__isnull=False).values("user"))
        found: list[Entity] = list(users.filter(direct | Q(memberships__group__in=through)).distinct())
        found += roles.filter(pk__in=held.filter(role__isnull=False).values("role"))
    elif ":group/" in arn:
        found = list(users.filter(memberships__group__in=Group.objects.of(account_id).filter(name=name)))
    else:
        found = list(users.filter(name=name) if ":user/" in arn else roles.filter(name=name))
    return sorted(found, key=lambda entity: (entity.arn_type, entity.name.lower()))


def uses_of(account_id: str, entities: Sequence[Entity], now: datetime) -> list[Use]:
    """The last call of each action by each entity; sessions of a role are the role's."""
    users = [each.pk for each in entities if isinstance(each, User)]
    who = Q(who__in=users)
    for role in entities:
        who |= Q(who__startswith=f"{role.pk}:") if isinstance(role, Role) else Q()
    events = Event.objects.filter(account_id=account_id, at__lte=now, at__gte=now - TRACKED)
    rows = events.annotate(who=Cast(KT("record__userIdentity__principalId"), TextField())).filter(who)
    last = rows.order_by().values_list("source", "name", "who").annotate(last=Max("at"))
    newest: dict[tuple[str, str, str], datetime] = {}
    for source, action, caller, at in last:
        key = source.partition(".")[0], action, str(caller).partition(":")[0]
        newest[key] = max(at, newest.get(key, at))
    return [Use(*key, at) for key, at in sorted(newest.items())]


def report(account_id: str, arn: str, granularity: str, now: datetime) -> dict[str, object]:
    """What a job keeps: services within reach, entities, and their last uses; times as ISO text."""
    documents, entities = documents_of(account_id, arn, now), entities_of(account_id, arn)
    reached = [each for each in services.services() if any(reaches(document, each.prefix) for document in documents)]
    uses = uses_of(account_id, entities, now) if entities else []
    return {
        "services": [{"prefix": each.prefix, "name": each.name} for each in reached],
        "entities": [_entity(each) for each in entities],
        "uses": [{**vars(use), "at": use.at.isoformat()} for use in uses],
        "tracked": _tracked(documents) if granularity == "ACTION_LEVEL" else {},
    }


def _entity(entity: Entity) -> dict[str, str]:
    shown = {"Arn": entity.arn, "Name": entity.name, "Type": entity.arn_type.upper()}
    return {**shown, "Id": entity.pk, "Path": entity.path}


def _tracked(documents: Iterable[Document]) -> Mapping[str, list[str]]:
    """The actions whose use the history can tell, by service: those that this installation performs."""
    held, tracked = list(documents), dict[str, list[str]]()
    for each in registry.every():
        if each.service != "iamconsole" and any(allows(document, each.name) for document in held):
            tracked.setdefault(each.service, []).append(each.verb)
    return tracked
