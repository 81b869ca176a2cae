"""Users, groups, roles, their memberships, instance profiles and service-linked roles, as the provider handles them."""

from __future__ import annotations

from typing import Any

from tests.wire.kinds.base import Config, Kind, every, json_of, policy, present, retag, tag_list, tags_of, trusting
from tests.wire.provider import BOUNDARY

READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
GROUPS = ("tf-group", "tf-group-2")


def _boundary(shown: Config) -> str:
    found: str = shown.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn", "")
    return found


def _rebound(iam: Any, kind: str, old: Config, new: Config, **named: object) -> None:
    if old["boundary"] == new["boundary"]:
        return
    if new["boundary"]:
        getattr(iam, f"put_{kind}_permissions_boundary")(**named, PermissionsBoundary=new["boundary"])
    else:
        getattr(iam, f"delete_{kind}_permissions_boundary")(**named)


def _create_user(iam: Any, config: Config) -> str:
    more = present(Tags=tag_list(config["tags"]), PermissionsBoundary=config["boundary"])
    name: str = iam.create_user(UserName=config["name"], Path=config["path"], **more)["User"]["UserName"]
    return name


def _read_user(iam: Any, name: str) -> Config:
    user = iam.get_user(UserName=name)["User"]
    assert user["UserId"].startswith("AIDA") and user["Arn"].endswith(f":user{user['Path']}{name}")
    return {"name": user["UserName"], "path": user["Path"], "boundary": _boundary(user), "tags": tags_of(user)}


def _update_user(iam: Any, name: str, old: Config, new: Config) -> str:
    retag(iam, "user", old, new, UserName=name)
    if (old["name"], old["path"]) != (new["name"], new["path"]):
        iam.update_user(UserName=old["name"], NewUserName=new["name"], NewPath=new["path"])
    _rebound(iam, "user", old, new, UserName=new["name"])
    found: str = new["name"]
    return found


def _delete_user(iam: Any, name: str, config: Config) -> None:
    for group in every(iam, "list_groups_for_user", "Groups", UserName=name):
        iam.remove_user_from_group(GroupName=group["GroupName"], UserName=name)
    iam.delete_user(UserName=name)


def _create_group(iam: Any, config: Config) -> str:
    name: str = iam.create_group(GroupName=config["name"], Path=config["path"])["Group"]["GroupName"]
    return name


def _read_group(iam: Any, name: str) -> Config:
    group = iam.get_group(GroupName=name)["Group"]
    return {"name": group["GroupName"], "path": group["Path"]}


def _update_group(iam: Any, name: str, old: Config, new: Config) -> str:
    iam.update_group(GroupName=name, NewGroupName=new["name"], NewPath=new["path"])
    found: str = new["name"]
    return found


def _create_role(iam: Any, config: Config) -> str:
    more = present(
        Description=config["description"],
        MaxSessionDuration=config["seconds"],
        PermissionsBoundary=config["boundary"],
        Tags=tag_list(config["tags"]),
    )
    trust = json_of(config["trust"])
    role = iam.create_role(RoleName=config["name"], Path=config["path"], AssumeRolePolicyDocument=trust, **more)["Role"]
    name: str = role["RoleName"]
    _put_inline(iam, name, {}, config)
    _attach(iam, name, [], config["managed"])
    return name


def _put_inline(iam: Any, name: str, old: Config, new: Config) -> None:
    before, after = old.get("inline", {}), new["inline"]
    for each in [each for each in before if before[each] != after.get(each)]:
        iam.delete_role_policy(RoleName=name, PolicyName=each)
    for each in [each for each in after if after[each] != before.get(each)]:
        iam.put_role_policy(RoleName=name, PolicyName=each, PolicyDocument=json_of(after[each]))


def _attach(iam: Any, name: str, old: list[str], new: list[str]) -> None:
    for arn in set(old) - set(new):
        iam.detach_role_policy(RoleName=name, PolicyArn=arn)
    for arn in set(new) - set(old):
        iam.attach_role_policy(RoleName=name, PolicyArn=arn)


def _read_role(iam: Any, name: str) -> Config:
    role = iam.get_role(RoleName=name)["Role"]
    assert role["Arn"].startswith("arn:"), "an ARN with a unique id in it is waited for"
    inline = every(iam, "list_role_policies", "PolicyNames", RoleName=name)
    managed = every(iam, "list_attached_role_policies", "AttachedPolicies", RoleName=name)
    documents = {each: iam.get_role_policy(RoleName=name, PolicyName=each)["PolicyDocument"] for each in inline}
    return {
        "name": role["RoleName"],
        "path": role["Path"],
        "trust": role["AssumeRolePolicyDocument"],
        "description": role.get("Description", ""),
        "seconds": role["MaxSessionDuration"],
        "boundary": _boundary(role),
        "inline": documents,
        "managed": sorted(each["PolicyArn"] for each in managed),
        "tags": tags_of(role),
    }


def _update_role(iam: Any, name: str, old: Config, new: Config) -> str:
    retag(iam, "role", old, new, RoleName=name)
    if old["trust"] != new["trust"]:
        iam.update_assume_role_policy(RoleName=name, PolicyDocument=json_of(new["trust"]))
    if old["description"] != new["description"]:
        iam.update_role_description(RoleName=name, Description=new["description"])
    if old["seconds"] != new["seconds"]:
        iam.update_role(RoleName=name, MaxSessionDuration=new["seconds"])
    _rebound(iam, "role", old, new, RoleName=name)
    _put_inline(iam, name, old, new)
    _attach(iam, name, old["managed"], new["managed"])
    return name


def _delete_role(iam: Any, name: str, config: Config) -> None:
    """With `force_detach_policies`; profiles it leaves in any case."""
    for profile in every(iam, "list_instance_profiles_for_role", "InstanceProfiles", RoleName=name):
        iam.remove_role_from_instance_profile(InstanceProfileName=profile["InstanceProfileName"], RoleName=name)
    for each in every(iam, "list_attached_role_policies", "AttachedPolicies", RoleName=name):
        iam.detach_role_policy(RoleName=name, PolicyArn=each["PolicyArn"])
    for each in every(iam, "list_role_policies", "PolicyNames", RoleName=name):
        iam.delete_role_policy(RoleName=name, PolicyName=each)
    iam.delete_role(RoleName=name)


def _create_profile(iam: Any, config: Config) -> str:
    named = {"InstanceProfileName": config["name"]}
    iam.create_instance_profile(**named, Path=config["path"], **present(Tags=tag_list(config["tags"])))
    iam.get_waiter("instance_profile_exists").wait(**named)
    if config["role"]:
        iam.add_role_to_instance_profile(**named, RoleName=config["role"])
    name: str = config["name"]
    return name


def _read_profile(iam: Any, name: str) -> Config:
    profile = iam.get_instance_profile(InstanceProfileName=name)["InstanceProfile"]
    roles = [iam.get_role(RoleName=each["RoleName"])["Role"]["RoleName"] for each in profile["Roles"]]
    role = roles[0] if roles else ""
    return {"name": profile["InstanceProfileName"], "path": profile["Path"], "role": role, "tags": tags_of(profile)}


def _update_profile(iam: Any, name: str, old: Config, new: Config) -> str:
    retag(iam, "instance_profile", old, new, InstanceProfileName=name)
    if old["role"] and old["role"] != new["role"]:
        iam.remove_role_from_instance_profile(InstanceProfileName=name, RoleName=old["role"])
    if new["role"] and old["role"] != new["role"]:
        iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=new["role"])
    return name


def _delete_profile(iam: Any, name: str, config: Config) -> None:
    if config["role"]:
        iam.remove_role_from_instance_profile(InstanceProfileName=name, RoleName=config["role"])
    iam.delete_instance_profile(InstanceProfileName=name)


def _create_service_role(iam: Any, config: Config) -> str:
    more = present(CustomSuffix=config["suffix"], Description=config["description"])
    role = iam.create_service_linked_role(AWSServiceName=config["service"], **more)["Role"]
    arn: str = role["Arn"]
    if config["tags"]:
        iam.tag_role(RoleName=arn.rsplit("/", 1)[1], Tags=tag_list(config["tags"]))
    return arn


def _read_service_role(iam: Any, arn: str) -> Config:
    """Its service and suffix are read from its ARN."""
    _, _, service, name = arn.rsplit(":", 1)[1].split("/")
    role = iam.get_role(RoleName=name)["Role"]
    assert (role["Arn"], role["Path"]) == (arn, f"/aws-service-role/{service}/")
    suffix, about = name.partition("_")[2], role.get("Description", "")
    return {"service": service, "suffix": suffix, "description": about, "tags": tags_of(role)}


def _update_service_role(iam: Any, arn: str, old: Config, new: Config) -> str:
    name = arn.rsplit("/", 1)[1]
    retag(iam, "role", old, new, RoleName=name)
    iam.update_role(RoleName=name, Description=new["description"])
    return arn


def _delete_service_role(iam: Any, arn: str, config: Config) -> None:
    task = iam.delete_service_linked_role(RoleName=arn.rsplit("/", 1)[1])["DeletionTaskId"]
    assert iam.get_service_linked_role_deletion_status(DeletionTaskId=task)["Status"] == "SUCCEEDED"


def _join(iam: Any, user: str, groups: set[str]) -> None:
    for group in groups:
        iam.add_user_to_group(UserName=user, GroupName=group)


def _leave(iam: Any, user: str, groups: set[str]) -> None:
    for group in groups:
        iam.remove_user_from_group(UserName=user, GroupName=group)


def _create_user_groups(iam: Any, config: Config) -> str:
    _join(iam, config["user"], set(config["groups"]))
    return "/".join([config["user"], *config["groups"]])


def _read_user_groups(iam: Any, name: str) -> Config:
    """Only the groups that it is about: the user may be in others."""
    user, *wanted = name.split("/")
    found = {each["GroupName"] for each in every(iam, "list_groups_for_user", "Groups", UserName=user)}
    return {"user": user, "groups": sorted(found & set(wanted))}


def _update_user_groups(iam: Any, name: str, old: Config, new: Config) -> str:
    _leave(iam, new["user"], set(old["groups"]) - set(new["groups"]))
    _join(iam, new["user"], set(new["groups"]) - set(old["groups"]))
    return "/".join([new["user"], *new["groups"]])


def _create_members(iam: Any, config: Config) -> str:
    for user in config["users"]:
        _join(iam, user, {config["group"]})
    name: str = config["group"]
    return name


def _read_members(iam: Any, name: str) -> Config:
    users = [each["UserName"] for each in every(iam, "get_group", "Users", GroupName=name)]
    return {"group": name, "users": sorted(users)}


def _update_members(iam: Any, name: str, old: Config, new: Config) -> str:
    for user in set(old["users"]) - set(new["users"]):
        _leave(iam, user, {name})
    for user in set(new["users"]) - set(old["users"]):
        _join(iam, user, {name})
    return name


def _delete_members(iam: Any, name: str, config: Config) -> None:
    for user in config["users"]:
        _leave(iam, user, {name})


_USER = {"name": "made", "path": "/", "boundary": "", "tags": {"team": "blue", "empty": ""}}
_ROLE = {
    "name": "made",
    "path": "/tf/",
    "trust": trusting("ec2.amazonaws.com"),
    "description": "",
    "seconds": 3_600,
    "boundary": BOUNDARY,
    "inline": {"first": policy("s3:GetObject"), "second": policy("s3:ListBucket")},
    "managed": [READ_ONLY],
    "tags": {},
}
_PROFILE = {"name": "made", "path": "/tf/", "role": "tf-role", "tags": {"a": "1"}}
_SERVICE = {"service": "autoscaling.amazonaws.com", "suffix": "tf", "description": "One", "tags": {"a": "1"}}

KINDS = (
    Kind(
        "aws_iam_user",
        (
            _USER,
            {**_USER, "path": "/apps/"},
            {**_USER, "name": "renamed", "boundary": BOUNDARY, "tags": {"team": "red"}},
            {**_USER, "name": "Renamed", "boundary": "", "tags": {}},
        ),
        _create_user,
        _read_user,
        _delete_user,
        _update_user,
    ),
    Kind(
        "aws_iam_group",
        ({"name": "made", "path": "/"}, {"name": "made", "path": "/apps/"}, {"name": "renamed", "path": "/"}),
        _create_group,
        _read_group,
        lambda iam, name, config: iam.delete_group(GroupName=name),
        _update_group,
    ),
    Kind(
        "aws_iam_role",
        (
            _ROLE,
            {**_ROLE, "trust": trusting("lambda.amazonaws.com"), "description": "Two", "seconds": 43_200},
            {**_ROLE, "boundary": "", "inline": {"second": policy("s3:*")}, "managed": [], "tags": {"b": "2"}},
        ),
        _create_role,
        _read_role,
        _delete_role,
        _update_role,
    ),
    Kind(
        "aws_iam_instance_profile",
        (_PROFILE, {**_PROFILE, "role": "tf-role-2"}, {**_PROFILE, "role": "", "tags": {}}, _PROFILE),
        _create_profile,
        _read_profile,
        _delete_profile,
        _update_profile,
    ),
    Kind(
        "aws_iam_service_linked_role",
        (_SERVICE, {**_SERVICE, "description": "", "tags": {}}, {**_SERVICE, "description": "Two", "tags": {"b": "2"}}),
        _create_service_role,
        _read_service_role,
        _delete_service_role,
        _update_service_role,
    ),
    Kind(
        "aws_iam_user_group_membership",
        ({"user": "tf-user", "groups": [*GROUPS]}, {"user": "tf-user", "groups": [GROUPS[1]]}),
        _create_user_groups,
        _read_user_groups,
        lambda iam, name, config: _leave(iam, config["user"], set(config["groups"])),
        _update_user_groups,
        is_kept=True,
    ),
    Kind(
        "aws_iam_group_membership",
        ({"group": "tf-group", "users": ["tf-user"]}, {"group": "tf-group", "users": ["tf-user-2"]}),
        _create_members,
        _read_members,
        _delete_members,
        _update_members,
        is_kept=True,
    ),
)
