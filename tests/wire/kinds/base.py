"""A kind of resource as Terraform's AWS provider handles it, and the walk of one through its life.

What a provider reads must be what the configuration says, each time, until that changes. The calls are worked out
from the provider's source (hashicorp/terraform-provider-aws, internal/service/iam).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from botocore.exceptions import ClientError

Config = dict[str, Any]
# Go's encoder writes these so in JSON; the documents of this provider arrive with them.
_ESCAPED = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}


class Gone(Exception):
    """A list no longer shows it."""


@dataclass(frozen=True)
class Kind:
    """`rounds` is what a configuration says at first and after each change; an id is all that an import knows."""

    name: str
    rounds: tuple[Config, ...]
    create: Callable[[Any, Config], str]
    read: Callable[[Any, str], Config]
    delete: Callable[[Any, str, Config], object]
    # None where every change makes it anew.
    update: Callable[[Any, str, Config, Config], str] | None = None
    # What takes nothing away at the end: Terraform merely forgets it.
    is_kept: bool = False

    def __str__(self) -> str:
        return self.name


def walk(iam: Any, kind: Kind) -> None:
    """Apply, plan empty, change, import, destroy."""
    name = kind.create(iam, kind.rounds[0])
    shows(iam, kind, name, kind.rounds[0])
    for old, new in pairwise(kind.rounds):
        name = _change(iam, kind, name, old, new)
        shows(iam, kind, name, new)
    for _ in range(2):
        _destroy(iam, kind, name)
        assert kind.is_kept or seen(iam, kind, name) is None, "it is still there"


def shows(iam: Any, kind: Kind, name: str, config: Config) -> None:
    """It is as configured, and so at every look."""
    for look in ("after the change", "at the next plan", "after an import"):
        assert seen(iam, kind, name) == config, (kind.name, look)


def seen(iam: Any, kind: Kind, name: str) -> Config | None:
    """What the provider reads; None where it takes the answer for `it is gone`."""
    try:
        return kind.read(iam, name)
    except Gone:
        return None
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchEntity":
            raise
        return None


def _change(iam: Any, kind: Kind, name: str, old: Config, new: Config) -> str:
    if kind.update is not None:
        return kind.update(iam, name, old, new)
    kind.delete(iam, name, old)
    return kind.create(iam, new)


def _destroy(iam: Any, kind: Kind, name: str) -> None:
    """A second time as well: somebody else may have been quicker, and the answer must say so."""
    try:
        kind.delete(iam, name, kind.rounds[-1])
    except ClientError as error:
        assert error.response["Error"]["Code"] in ("NoSuchEntity", "FeatureDisabled"), error


def nothing(*_: object) -> None:
    """What resources do on destruction that only hold others to a list."""


def json_of(document: object) -> str:
    """A document as the provider sends it."""
    text = json.dumps(document, sort_keys=True, separators=(",", ":"))
    return "".join(_ESCAPED.get(char, char) for char in text)


def policy(action: str, **more: object) -> Config:
    """A policy document with an address that must not be decoded twice, and what Go escapes."""
    resource = "arn:aws:s3:::lab/%3A/*"
    about = {"StringLike": {"aws:UserAgent": "<a> & 'b' + é"}}
    statement = {"Effect": "Allow", "Action": action, "Resource": resource, "Condition": about, **more}
    return {"Version": "2012-10-17", "Statement": [statement]}


def trusting(service: str) -> Config:
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return {"Version": "2012-10-17", "Statement": [statement]}


def every(iam: Any, verb: str, member: str, **given: object) -> list[Any]:
    """All pages of a list."""
    return [item for page in iam.get_paginator(verb).paginate(**given) for item in page.get(member, [])]


def only(found: list[Any]) -> Any:
    if not found:
        raise Gone
    (one,) = found
    return one


def present(**given: object) -> Config:
    """What is sent of optional arguments: those that say something."""
    return {name: value for name, value in given.items() if value}


def tag_list(tags: Config) -> list[Config]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def tags_of(shown: Config) -> Config:
    return {tag["Key"]: tag["Value"] for tag in shown.get("Tags", [])}


def retag(iam: Any, kind: str, old: Config, new: Config, **named: object) -> None:
    """First away with those that are no longer there, then all that are new or other."""
    if gone := [key for key in old["tags"] if key not in new["tags"]]:
        getattr(iam, f"untag_{kind}")(**named, TagKeys=gone)
    if changed := {key: value for key, value in new["tags"].items() if old["tags"].get(key) != value}:
        getattr(iam, f"tag_{kind}")(**named, Tags=tag_list(changed))


def surround(iam: Any) -> None:
    """What resources refer to: two users, groups and roles, a policy and an identity provider."""
    for number in ("", "-2"):
        iam.create_user(UserName=f"tf-user{number}")
        iam.create_group(GroupName=f"tf-group{number}")
        trust = json_of(trusting("ec2.amazonaws.com"))
        iam.create_role(RoleName=f"tf-role{number}", Path="/tf/", AssumeRolePolicyDocument=trust)
    iam.create_policy(PolicyName="tf-policy", Path="/tf/", PolicyDocument=json_of(policy("s3:*")))
    iam.create_open_id_connect_provider(Url="https://oidc.example.com/tf")
