"""The catalogue in the shape the linter asks for, so that the engine never imports the catalogue."""

from __future__ import annotations

from functools import cache

from policies.catalog import services
from policies.catalog.global_keys import GLOBAL_KEYS, PROVIDER_CLAIMS

_GLOBAL = {key.lower(): kind for key, kind in GLOBAL_KEYS.items()}


class ServiceFacts:
    """Implements `policies.engine.lint.CatalogFacts` on the service reference."""

    def service_prefixes(self) -> frozenset[str]:
        return _prefixes()

    def action_names(self, service: str) -> tuple[str, ...]:
        """The canonical names of a service's actions, without the prefix."""
        return _names(service.lower())

    def resource_patterns(self, action: str) -> tuple[str, ...]:
        """ARN patterns of the resource types of a known action; empty when it only takes "*"."""
        return _patterns(action.lower())

    def action_condition_keys(self, action: str) -> tuple[str, ...]:
        """Keys an action knows, by itself or for the resources it works on, in lower case."""
        return _action_keys(action.lower())

    def condition_key_type(self, key: str) -> str | None:
        """String, ArrayOfString, ARN, Bool, Numeric, Date, IPAddress …; None for a key nobody knows."""
        return _key_type(key.lower())

    def service_condition_keys(self, service: str) -> tuple[str, ...]:
        return tuple(known.key for known in services.condition_keys(service))


@cache
def facts() -> ServiceFacts:
    return ServiceFacts()


@cache
def _prefixes() -> frozenset[str]:
    return frozenset(known.prefix for known in services.services())


@cache
def _names(service: str) -> tuple[str, ...]:
    return tuple(action.name for action in services.actions(service))


@cache
def _patterns(action: str) -> tuple[str, ...]:
    found = services.find_action(action)
    if found is None:
        return ()
    types = (services.resource_type(found.service, used.name) for used in found.resource_types)
    return tuple(known.arn_pattern for known in types if known)


@cache
def _action_keys(action: str) -> tuple[str, ...]:
    found = services.find_action(action)
    if found is None:
        return ()
    types = (services.resource_type(found.service, used.name) for used in found.resource_types)
    of_resources = [key for known in types if known for key in known.condition_keys]
    return tuple(dict.fromkeys(key.lower() for key in (*found.all_condition_keys, *of_resources)))


def _key_type(key: str) -> str | None:
    service, _, rest = key.partition(":")
    return _matching(_GLOBAL, key) or _matching(_service_keys(service), key) or _provider_claim(rest)


def _matching(known: dict[str, str], key: str) -> str | None:
    """The key itself, or the open key (`aws:requesttag/${tagkey}`, `s3:existingobjecttag/<key>`) it is one of."""
    if key in known:
        return known[key]
    return next((kind for name, kind in known.items() if _is_open(name) and _begins_like(name, key)), None)


def _is_open(name: str) -> bool:
    return "${" in name or "<" in name


def _begins_like(name: str, key: str) -> bool:
    stem = name.split("${")[0].split("<")[0]
    return key.startswith(stem) and len(key) > len(stem)


@cache
def _service_keys(service: str) -> dict[str, str]:
    return {known.key.lower(): known.kind for known in services.condition_keys(service)}


def _provider_claim(claim: str) -> str | None:
    """Keys of identity providers look like `token.example.org:sub`."""
    return "String" if claim in PROVIDER_CLAIMS else None
