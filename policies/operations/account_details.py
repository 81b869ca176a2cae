"""The whole account in one paged answer: users, groups, roles and policies with all that is on them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from iamconsole.operations.call import Call
from iamconsole.operations.paging import page_by
from iamconsole.operations.registry import Result, operation
from identities import shapes
from identities.models import Group, Role, User
from identities.tags import by_key
from policies.catalog import managed
from policies.models import Policy
from policies.queries import Holder, Managed, Usage, usage, versions_of
from policies.shapes import attached_shape, policy_shape, version_shape

LISTS = {
    "User": "UserDetailList",
    "Group": "GroupDetailList",
    "Role": "RoleDetailList",
    "LocalManagedPolicy": "Policies",
    "AWSManagedPolicy": "Policies",
}
_ON_IT = ("inlinepolicy_set", "attachment_set")
# The kind, the id, and the place among all.
Key = tuple[str, str, str]


@operation("iam:GetAccountAuthorizationDetails")
def get_account_authorization_details(
    call: Call,
    *,
    filter: Sequence[str] | None = None,
    marker: str | None = None,
    max_items: int | None = None,
) -> Result:
    """Show all users, groups, roles and policies of the account and how they hang together."""
    used = usage(call.account_id)
    keys = [key for kind in LISTS if kind in (filter or LISTS) for key in _keys(call.account_id, kind, used)]
    result = page_by(
        call.account_id, "Details", keys, lambda key: key, lambda key: key[2], marker=marker, max_items=max_items
    )
    chosen = result.pop("Details")
    assert isinstance(chosen, list)
    details: dict[str, list[Result]] = {member: [] for member in LISTS.values()}
    for kind, member in LISTS.items():
        wanted = [key for of, key, _ in chosen if of == kind]
        if wanted:
            details[member] += _READERS[kind](call.account_id, wanted, used)
    return {**details, **result}


def _keys(account_id: str, kind: str, used: Usage) -> Iterable[Key]:
    """What there is of a kind, by id, in the order it is listed; of AWS's policies only those in use, as AWS does."""
    place = list(LISTS).index(kind)
    if kind == "AWSManagedPolicy":
        arns = sorted(used.attached.keys() | used.bounds.keys())
        return [(kind, arn, f"{place} {arn}") for arn in arns if managed.summary(arn)]
    models: Mapping[str, type[User | Group | Role | Policy]]
    models = {"User": User, "Group": Group, "Role": Role, "LocalManagedPolicy": Policy}
    rows = models[kind].objects.of(account_id).order_by("name")
    return [(kind, key, f"{place} {name}") for key, name in rows.values_list("pk", "name")]


def _users(account_id: str, keys: Sequence[str], used: Usage) -> list[Result]:
    rows = User.objects.of(account_id).filter(pk__in=keys).order_by("name")
    return [
        {
            **shapes.brief_user(user),
            "GroupList": sorted(group.name for group in user.groups.all()),
            **_policies_on(user),
            **_bound(user),
            "Tags": by_key(user.tags),
        }
        for user in rows.prefetch_related("groups", "boundary_set", *_ON_IT)
    ]


def _groups(account_id: str, keys: Sequence[str], used: Usage) -> list[Result]:
    rows = Group.objects.of(account_id).filter(pk__in=keys).order_by("name").prefetch_related(*_ON_IT)
    return [{**shapes.group(group), **_policies_on(group)} for group in rows]


def _roles(account_id: str, keys: Sequence[str], used: Usage) -> list[Result]:
    rows = Role.objects.of(account_id).filter(pk__in=keys).order_by("name")
    return [_role(role) for role in rows.prefetch_related("instance_profiles__role", "boundary_set", *_ON_IT)]


def _role(role: Role) -> Result:
    shown = shapes.full_role(role)
    for member in ("Description", "MaxSessionDuration"):
        shown.pop(member, None)
    profiles = [shapes.instance_profile(profile) for profile in role.instance_profiles.all()]
    more = {"InstanceProfileList": profiles, "Tags": by_key(role.tags)}
    return {**shown, **more, **_policies_on(role), **_bound(role)}


def _policies_on(holder: Holder) -> Result:
    inline = sorted(holder.inlinepolicy_set.all(), key=lambda each: each.name)
    attached = sorted(holder.attachment_set.all(), key=lambda each: each.policy_arn)
    documents = [{"PolicyName": each.name, "PolicyDocument": each.document} for each in inline]
    # Of a user without inline policies AWS says nothing, of groups and roles that there are none.
    own = (
        {} if holder.arn_type == "user" and not documents else {f"{holder.arn_type.capitalize()}PolicyList": documents}
    )
    return {
        **own,
        "AttachedManagedPolicies": [attached_shape(each) for each in attached],
    }


def _bound(holder: User | Role) -> Result:
    arns = [each.policy_arn for each in holder.boundary_set.all()]
    return {"PermissionsBoundary": shapes.boundary(arns[0])} if arns else {}


def _local_policies(account_id: str, keys: Sequence[str], used: Usage) -> list[Result]:
    rows = Policy.objects.of(account_id).filter(pk__in=keys).order_by("name")
    return [_policy(policy, used) for policy in rows]


def _aws_policies(account_id: str, keys: Sequence[str], used: Usage) -> list[Result]:
    return [_policy(found, used) for arn in keys if (found := managed.summary(arn))]


def _policy(policy: Managed, used: Usage) -> Result:
    versions = [version_shape(each, with_document=True) for each in versions_of(policy)]
    description = {"Description": policy.description} if policy.description else {}
    return {**policy_shape(policy, used), **description, "PolicyVersionList": versions}


_READERS: dict[str, Callable[[str, Sequence[str], Usage], list[Result]]] = {
    "User": _users,
    "Group": _groups,
    "Role": _roles,
    "LocalManagedPolicy": _local_policies,
    "AWSManagedPolicy": _aws_policies,
}
