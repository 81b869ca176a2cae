"""Policies, in line and managed, and how they are attached, as the provider handles them."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from tests.wire.kinds.base import (
    Config,
    Gone,
    Kind,
    every,
    json_of,
    nothing,
    only,
    policy,
    present,
    retag,
    tag_list,
    tags_of,
)
from tests.wire.provider import ARN, BOUNDARY

OWN = f"{ARN}:policy/tf/tf-policy"
# The member that names a holder, by kind.
HOLDERS = {"user": "UserName", "group": "GroupName", "role": "RoleName"}


def _create_policy(iam: Any, config: Config) -> str:
    """A description is always sent, also an empty one."""
    named = {"PolicyName": config["name"], "Path": config["path"], "Description": config["description"]}
    more = present(Tags=tag_list(config["tags"]))
    arn: str = iam.create_policy(**named, PolicyDocument=json_of(config["policy"]), **more)["Policy"]["Arn"]
    return arn


def _read_policy(iam: Any, arn: str) -> Config:
    shown = iam.get_policy(PolicyArn=arn)["Policy"]
    assert shown["AttachmentCount"] == 0 and shown["PolicyId"].startswith("ANPA")
    version = iam.get_policy_version(PolicyArn=arn, VersionId=shown["DefaultVersionId"])["PolicyVersion"]
    return {
        "name": shown["PolicyName"],
        "path": shown["Path"],
        "description": shown.get("Description", ""),
        "policy": version["Document"],
        "tags": tags_of(shown),
    }


def _update_policy(iam: Any, arn: str, old: Config, new: Config) -> str:
    """Where five versions are, the oldest that is not in force makes room; the new one is put in force by itself."""
    retag(iam, "policy", old, new, PolicyArn=arn)
    if old["policy"] == new["policy"]:
        return arn
    versions = every(iam, "list_policy_versions", "Versions", PolicyArn=arn)
    if len(versions) == 5:
        idle = [each for each in versions if not each["IsDefaultVersion"]]
        oldest = min(idle, key=lambda each: (_moment(each), int(each["VersionId"][1:])))
        iam.delete_policy_version(PolicyArn=arn, VersionId=oldest["VersionId"])
    text = json_of(new["policy"])
    made = iam.create_policy_version(PolicyArn=arn, PolicyDocument=text, SetAsDefault=False)["PolicyVersion"]
    assert made["IsDefaultVersion"] is False
    iam.set_default_policy_version(PolicyArn=arn, VersionId=made["VersionId"])
    return arn


def _moment(version: Config) -> datetime:
    moment: datetime = version["CreateDate"]
    return moment


def _delete_policy(iam: Any, arn: str, config: Config) -> None:
    for version in every(iam, "list_policy_versions", "Versions", PolicyArn=arn):
        if not version["IsDefaultVersion"]:
            iam.delete_policy_version(PolicyArn=arn, VersionId=version["VersionId"])
    iam.delete_policy(PolicyArn=arn)


def _put_inline(kind: str, iam: Any, config: Config) -> str:
    named = {HOLDERS[kind]: config["holder"], "PolicyName": config["name"]}
    getattr(iam, f"put_{kind}_policy")(**named, PolicyDocument=json_of(config["policy"]))
    getattr(iam, f"get_{kind}_policy")(**named)
    return f"{config['holder']}:{config['name']}"


def _read_inline(kind: str, iam: Any, name: str) -> Config:
    holder, _, policy_name = name.partition(":")
    shown = getattr(iam, f"get_{kind}_policy")(**{HOLDERS[kind]: holder, "PolicyName": policy_name})
    return {"holder": shown[HOLDERS[kind]], "name": shown["PolicyName"], "policy": shown["PolicyDocument"]}


def _delete_inline(kind: str, iam: Any, name: str, config: Config) -> None:
    getattr(iam, f"delete_{kind}_policy")(**{HOLDERS[kind]: config["holder"], "PolicyName": config["name"]})


def _inline(kind: str) -> Kind:
    first = {"holder": f"tf-{kind}", "name": "inline", "policy": policy("s3:GetObject")}
    return Kind(
        f"aws_iam_{kind}_policy",
        (first, {**first, "policy": policy("s3:*", Sid="All")}),
        partial(_put_inline, kind),
        partial(_read_inline, kind),
        partial(_delete_inline, kind),
        lambda iam, name, old, new: _put_inline(kind, iam, new),
    )


def _arns(iam: Any, kind: str, holder: str) -> list[str]:
    found = every(iam, f"list_attached_{kind}_policies", "AttachedPolicies", **{HOLDERS[kind]: holder})
    return sorted(each["PolicyArn"] for each in found)


def _hang(iam: Any, verb: str, kind: str, holder: str, arn: str) -> None:
    preposition = {"attach": f"attach_{kind}_policy", "detach": f"detach_{kind}_policy"}[verb]
    getattr(iam, preposition)(**{HOLDERS[kind]: holder, "PolicyArn": arn})


def _attach(kind: str, iam: Any, config: Config) -> str:
    _hang(iam, "attach", kind, config["holder"], config["arn"])
    return f"{config['holder']}/{config['arn']}"


def _read_attached(kind: str, iam: Any, name: str) -> Config:
    holder, _, arn = name.partition("/")
    return {"holder": holder, "arn": only([each for each in _arns(iam, kind, holder) if each == arn])}


def _attachment(kind: str) -> Kind:
    return Kind(
        f"aws_iam_{kind}_policy_attachment",
        ({"holder": f"tf-{kind}", "arn": OWN}, {"holder": f"tf-{kind}", "arn": BOUNDARY}),
        partial(_attach, kind),
        partial(_read_attached, kind),
        lambda iam, name, config: _hang(iam, "detach", kind, config["holder"], config["arn"]),
    )


def _attach_everywhere(iam: Any, config: Config) -> str:
    for kind in ("group", "role", "user"):
        for holder in config[kind]:
            _hang(iam, "attach", kind, holder, config["arn"])
    arn: str = config["arn"]
    return arn


def _read_everywhere(iam: Any, arn: str) -> Config:
    """It is for all holders of its policy, so it reads them all; none at all is the same as gone."""
    pages = iam.get_paginator("list_entities_for_policy").paginate(PolicyArn=arn, PaginationConfig={"PageSize": 1})
    found: Config = {kind: [] for kind in HOLDERS}
    for page in pages:
        for kind in HOLDERS:
            shown = page.get(f"Policy{kind.title()}s", [])
            found[kind] += [each[f"{kind.title()}Name"] for each in shown]
    if not any(found.values()):
        raise Gone
    return {**{kind: sorted(names) for kind, names in found.items()}, "arn": arn}


def _update_everywhere(iam: Any, arn: str, old: Config, new: Config) -> str:
    for kind in ("group", "role", "user"):
        for holder in set(old[kind]) - set(new[kind]):
            _hang(iam, "detach", kind, holder, arn)
        for holder in set(new[kind]) - set(old[kind]):
            _hang(iam, "attach", kind, holder, arn)
    return arn


def _detach_everywhere(iam: Any, arn: str, config: Config) -> None:
    _update_everywhere(iam, arn, config, {kind: [] for kind in HOLDERS})


def _exclusive_names(kind: str) -> Kind:
    """Holds a user, group or role to inline policies of these names; others it takes away."""
    named = {HOLDERS[kind]: f"tf-{kind}"}

    def create(iam: Any, config: Config) -> str:
        for name in ("kept", "surplus"):
            getattr(iam, f"put_{kind}_policy")(**named, PolicyName=name, PolicyDocument=json_of(policy("s3:*")))
        return sync(iam, f"tf-{kind}", {}, config)

    def sync(iam: Any, name: str, old: Config, new: Config) -> str:
        for surplus in set(read(iam, name)["names"]) - set(new["names"]):
            getattr(iam, f"delete_{kind}_policy")(**named, PolicyName=surplus)
        return name

    def read(iam: Any, name: str) -> Config:
        return {"names": sorted(every(iam, f"list_{kind}_policies", "PolicyNames", **{HOLDERS[kind]: name}))}

    rounds: tuple[Config, ...] = ({"names": ["kept"]}, {"names": []})
    return Kind(f"aws_iam_{kind}_policies_exclusive", rounds, create, read, nothing, sync, is_kept=True)


def _exclusive_arns(kind: str) -> Kind:
    """Holds a user, group or role to these managed policies; what lacks is attached."""

    def create(iam: Any, config: Config) -> str:
        _hang(iam, "attach", kind, f"tf-{kind}", BOUNDARY)
        return sync(iam, f"tf-{kind}", {}, config)

    def sync(iam: Any, name: str, old: Config, new: Config) -> str:
        held = set(_arns(iam, kind, name))
        for arn in set(new["arns"]) - held:
            _hang(iam, "attach", kind, name, arn)
        for arn in held - set(new["arns"]):
            _hang(iam, "detach", kind, name, arn)
        return name

    def read(iam: Any, name: str) -> Config:
        return {"arns": _arns(iam, kind, name)}

    rounds: tuple[Config, ...] = ({"arns": [OWN]}, {"arns": []}, {"arns": sorted([OWN, BOUNDARY])})
    return Kind(f"aws_iam_{kind}_policy_attachments_exclusive", rounds, create, read, nothing, sync, is_kept=True)


_POLICY = {"name": "made", "path": "/tf/", "description": "", "policy": policy("s3:GetObject"), "tags": {"a": "1"}}
_ALL = {"arn": OWN, "user": ["tf-user"], "group": ["tf-group", "tf-group-2"], "role": ["tf-role"]}
KINDS = (
    Kind(
        "aws_iam_policy",
        (
            _POLICY,
            {**_POLICY, "tags": {}},
            *({**_POLICY, "policy": policy(f"s3:Get{number}*"), "tags": {"b": "2"}} for number in range(6)),
        ),
        _create_policy,
        _read_policy,
        _delete_policy,
        _update_policy,
    ),
    *map(_inline, HOLDERS),
    *map(_attachment, HOLDERS),
    Kind(
        "aws_iam_policy_attachment",
        (_ALL, {**_ALL, "group": [], "user": ["tf-user", "tf-user-2"]}),
        _attach_everywhere,
        _read_everywhere,
        _detach_everywhere,
        _update_everywhere,
    ),
    *map(_exclusive_names, HOLDERS),
    *map(_exclusive_arns, HOLDERS),
)
