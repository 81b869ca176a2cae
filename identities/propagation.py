"""Trusted identity propagation: what a provider's tokens say of the person behind a session, as keys of the session.

Source: IAM API reference, ContextProvider; STS API reference, TrustedIdentityPropagationContext, OriginIdentity and
TransactionContext.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from iamconsole.operations.errors import InvalidInput
from iamconsole.operations.registry import Asked, ContextValue, Result
from identities.web_identity_errors import InvalidIdentityToken

ORIGIN, TRANSACTION = "aws:OriginIdentity/", "aws:TransactionContext/IdentityProvider/"
LONGEST_VALUE = 128
_KEY = re.compile(r"[A-Za-z0-9_.:/=+@#-]+(?: [A-Za-z0-9_.:/=+@#-]+)*")
_NAMES = ("Subject", "SubjectType", "Issuer", "FederatedProviderArn")
Pairs = tuple[tuple[str, str], ...]
# The one text that a token or assertion has under a name; None where there is none, or several.
Look = Callable[[str], str | None]


def checked(given: object) -> dict[str, Any]:
    """A context provider as it is kept; empty where none was given. Raises InvalidInput."""
    if not isinstance(given, Mapping):
        return {}
    definitions = [dict(each) for each in given.get("KeyDefinitionList") or ()]
    names = [given.get("SubjectSourceKey"), given.get("SubjectTypeSourceKey")]
    names += [each.get(key) for each in definitions for key in ("SourceKey", "TargetKey")]
    for name in names:
        if name is not None and not _KEY.fullmatch(str(name)):
            raise InvalidInput(
                f"The key {str(name)[:128]} of the context provider has characters that are not allowed."
            )
    if given.get("SubjectTypeValue") and given.get("SubjectTypeSourceKey"):
        raise InvalidInput("Specify either SubjectTypeValue or SubjectTypeSourceKey, but not both.")
    targets = [each.get("TargetKey") or each["SourceKey"] for each in definitions]
    if len(set(targets)) < len(targets):
        raise InvalidInput("Two keys of the context provider are mapped to one.")
    return {**{key: value for key, value in given.items() if value}, "KeyDefinitionList": definitions}


def replaced(kept: dict[str, Any], given: object, *, remove: bool) -> dict[str, Any]:
    """The context provider after an update. Raises InvalidInput where it is both set and removed."""
    if given and remove:
        raise InvalidInput("Specify either ContextProvider or RemoveContextProvider, but not both.")
    return {} if remove else checked(given) if given else kept


def shown(kept: Mapping[str, Any]) -> Result:
    """`ContextProvider` of an answer; absent where there is none."""
    return {"ContextProvider": dict(kept)} if kept else {}


def enabling(asked: Asked) -> Mapping[str, ContextValue]:
    """`iam:EnableIdentityPropagation` of a call that sets a context provider."""
    return {"iam:EnableIdentityPropagation": "true"} if asked.inputs.get("ContextProvider") else {}


def keys_of(config: Mapping[str, Any], provider_arn: str, issuer: str, look: Look) -> Pairs:
    """The keys for the session; none without a context provider. Raises InvalidIdentityToken without a subject."""
    if not config:
        return ()
    subject = look(config["SubjectSourceKey"])
    if not subject:
        raise InvalidIdentityToken("The token has no single value for the subject that the context provider names.")
    kind = config.get("SubjectTypeValue") or look(config.get("SubjectTypeSourceKey") or "") or ""
    origin = dict(zip(_NAMES, (subject, kind, issuer, provider_arn), strict=True))
    found = {f"{ORIGIN}{name}": value for name, value in origin.items() if value}
    for definition in config["KeyDefinitionList"]:
        value = look(definition["SourceKey"])
        if value:
            found[f"{TRANSACTION}{definition.get('TargetKey') or definition['SourceKey']}"] = value[:LONGEST_VALUE]
    return tuple(found.items())


def told(keys: Pairs) -> Result:
    """`TrustedIdentityPropagationContext` of an answer; absent where nothing was set."""
    if not keys:
        return {}
    origin = {key.removeprefix(ORIGIN): value for key, value in keys if key.startswith(ORIGIN)}
    others = {key.removeprefix(TRANSACTION): value for key, value in keys if key.startswith(TRANSACTION)}
    transaction = {"TransactionContext": {"IdentityProvider": others}} if others else {}
    return {"TrustedIdentityPropagationContext": {"OriginIdentity": origin, **transaction}}
