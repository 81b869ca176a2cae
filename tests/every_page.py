"""Every address of the console with arguments that mean something: the tests that walk all pages begin here."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.caller import Caller, system_caller
from iamconsole.operations import door
from iamconsole.operations.errors import AccessDenied
from tests.cast import ACCOUNT_ID
from tests.identities.steps import PASSWORD, do, enable, trust
from tests.world import World

POLICY_ARN = f"arn:aws:iam::{ACCOUNT_ID}:policy/reading"
DOCUMENT = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "iam:List*", "Resource": "*"}}
TEXT = json.dumps(DOCUMENT, indent=2)

# Addresses that stand in the middle of something (a draft, a new key): without it they lead back to its beginning.
NEVER_MADE = "A" * 22
HOLDERS = {"users": "dana", "groups": "readers", "roles": "worker"}


def furnish(world: World) -> Mapping[str, str]:
    """A user, a group, a role and a policy with all they can have; what the addresses need to name them."""
    system = system_caller(ACCOUNT_ID)
    do(system, "CreateUser", UserName="dana", Tags=[{"Key": "team", "Value": "ultramarine"}])
    do(system, "CreateLoginProfile", UserName="dana", Password=PASSWORD)
    key: Any = do(system, "CreateAccessKey", UserName="dana")["AccessKey"]
    serial, _ = enable(system, "dana")
    do(system, "CreateGroup", GroupName="readers")
    do(system, "AddUserToGroup", GroupName="readers", UserName="dana")
    do(system, "CreateRole", RoleName="worker", AssumeRolePolicyDocument=trust(Service="ec2.amazonaws.com"))
    do(system, "CreatePolicy", PolicyName="reading", PolicyDocument=TEXT)
    do(system, "CreatePolicyVersion", PolicyArn=POLICY_ARN, PolicyDocument=TEXT)
    do(system, "AttachUserPolicy", UserName="dana", PolicyArn=POLICY_ARN)
    do(system, "PutUserPermissionsBoundary", UserName="dana", PermissionsBoundary=POLICY_ARN)
    issuer = do(system, "EnableOutboundWebIdentityFederation")["IssuerIdentifier"].rpartition("/")[2]
    for kind, holder in (("User", "dana"), ("Group", "readers"), ("Role", "worker")):
        named = {f"{kind}Name": holder}
        do(system, f"Put{kind}Policy", **named, PolicyName="written-here", PolicyDocument=TEXT)
    return {"serial": serial, "key_id": key["AccessKeyId"], "issuer": issuer, "event_id": denied_event(world.bob)}


def denied_event(caller: Caller) -> str:
    """The id of an event of a refusal."""
    try:
        door.perform(caller, "iam:CreateUser", {"UserName": "eve"})
    except AccessDenied as refusal:
        return refusal.event_id
    raise AssertionError("nobody refused it")


def names() -> dict[str, set[str]]:
    """All addresses by name, with the arguments they take."""
    return dict(_walk(get_resolver()))


def _walk(resolver: URLResolver, above: frozenset[str] = frozenset()) -> Iterator[tuple[str, set[str]]]:
    for each in resolver.url_patterns:
        arguments = above | set(each.pattern.converters) | set(getattr(each.pattern.regex, "groupindex", {}))
        if isinstance(each, URLResolver):
            yield from _walk(each, arguments)
        elif isinstance(each, URLPattern):
            assert each.name, f"{each.pattern} has no name"
            yield each.name, set(arguments)


def addresses(made: Mapping[str, str]) -> list[tuple[str, str]]:
    """(name, address) of every page, the pages of holders once for each kind of holder."""
    found = []
    for name, arguments in sorted(names().items()):
        for kind, holder in HOLDERS.items() if "plural" in arguments else [("", "")]:
            if kind == "groups" and name.startswith("boundary"):
                continue  # groups have no boundary
            values = {argument: value(name, argument, made, kind, holder) for argument in arguments}
            found.append((name, reverse(name, kwargs=values)))
    return found


def value(url_name: str, argument: str, made: Mapping[str, str], plural: str, holder: str) -> object:
    """What to put for an argument of an address."""
    if argument == "name":
        return holder or {"gro": "readers", "rol": "worker"}.get(url_name[:3], "p" if "picker" in url_name else "dana")
    values: dict[str, object] = {
        "account": ACCOUNT_ID,
        "user_name": "dana",
        "token": NEVER_MADE,
        "step": 1,
        "plural": plural,
        "policy": "written-here",
        "arn": POLICY_ARN,
        "tab": "entities",
        "action": "attach",
        "many": "many",
        "kind": "identity",
        "quota": 6144,
        "form": "csv",
        **made,
    }
    return values[argument]
