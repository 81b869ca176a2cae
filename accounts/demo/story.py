"""The words a demo account is told in: people, groups, roles, policies. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

AWS = "arn:aws:iam::aws:policy/"
Block = Mapping[str, object]


def document(*statements: Block) -> str:
    """A policy document as a person would write it."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)}, indent=2)


def allow(sid: str, actions: list[str], resources: list[str] | str = "*", *, condition: Block | None = None) -> Block:
    return {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resources, **_condition(condition)}


def deny(sid: str, actions: list[str], resources: list[str] | str = "*", *, condition: Block | None = None) -> Block:
    return {"Sid": sid, "Effect": "Deny", "Action": actions, "Resource": resources, **_condition(condition)}


def trust(principal: Block, *, condition: Block | None = None) -> str:
    """A trust policy for one principal."""
    return document(
        {"Effect": "Allow", "Principal": dict(principal), "Action": "sts:AssumeRole", **_condition(condition)}
    )


def _condition(condition: Block | None) -> Block:
    return {"Condition": condition} if condition else {}


@dataclass(frozen=True)
class PolicyStory:
    """A customer managed policy; `revised` is a second version, put in force."""

    name: str
    text: str
    description: str = ""
    path: str = "/"
    revised: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class GroupStory:
    """A group; policies are ARNs, or names of the story's own policies."""

    name: str
    policies: tuple[str, ...] = ()
    inline: Mapping[str, str] = field(default_factory=dict)
    path: str = "/"


@dataclass(frozen=True)
class Person:
    """A user: `console` has a password, `mfa` an authenticator app, `new` must change it, `key` an access key."""

    name: str
    groups: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()
    inline: Mapping[str, str] = field(default_factory=dict)
    path: str = "/"
    boundary: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    console: bool = True
    mfa: bool = False
    new: bool = False
    key: bool = False


@dataclass(frozen=True)
class RoleStory:
    """A role and who may take it."""

    name: str
    trusts: str
    description: str = ""
    policies: tuple[str, ...] = ()
    inline: Mapping[str, str] = field(default_factory=dict)
    path: str = "/"
    boundary: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class AccountStory:
    """A whole account."""

    id: str
    name: str
    alias: str
    email: str
    policies: tuple[PolicyStory, ...]
    groups: tuple[GroupStory, ...]
    people: tuple[Person, ...]
    roles: tuple[RoleStory, ...]
