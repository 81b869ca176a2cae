"""A second evaluator, slow and plain, written from AWS's documented flow; it shares no code with the engine.

It works on a raw case (a dict in the neutral format) and returns the outcome as text. The engine must agree with it.
It knows no options, no unique ids and nothing of GetSessionToken: cases with those are the engine's own.
"""

from __future__ import annotations

import base64
import re
from typing import Any

from tests.policies.engine.reference_values import (
    KNOWN,
    Signs,
    action_fits,
    as_list,
    as_text,
    compared,
    describe,
    fits,
    in_range,
    moment,
    number,
    plain,
    same_bytes,
    short_fits,
    text_meets,
    values_of,
)

Case = dict[str, Any]
ALLOW, IMPLICIT, EXPLICIT = "Allowed", "ImplicitlyDenied", "ExplicitlyDenied"
RCP_SERVICES = {"s3", "sts", "kms", "sqs", "secretsmanager", "ecr", "aoss", "dynamodb", "logs"}
RCP_SERVICES |= {"cognito-identity", "cognito-idp"}


def evaluate(case: Case) -> str:
    """The outcome of a case."""
    world = World(case)
    if world.action == "sts:getcalleridentity" and world.kind != "anonymous":
        return ALLOW
    if any(world.denied(kind) for kind in world.types()):
        return EXPLICIT
    if world.untouchable():
        return IMPLICIT
    limits = [kind for kind in world.types() if kind in ("scp", "vpce")]
    if not all(world.allowed(kind) for kind in limits):
        return IMPLICIT
    return ALLOW if world.granted() else IMPLICIT


class World:
    """A case, understood."""

    def __init__(self, case: Case) -> None:
        request = case["request"]
        self.case = case
        self.caller = request["principal"]
        self.action = request["action"].lower()
        self.resource = "*" if (case.get("options") or {}).get("wildcard_only_action") else request["resource"]
        self.context = {k.lower(): v for k, v in request["context"].items() if v != []}
        self.kind, self.account = describe(self.caller)
        written = self.resource.split(":")[4] if self.resource.count(":") >= 5 else ""
        self.owner = request["resource_account"] or written.replace("aws", "") or self.account

    def types(self) -> list[str]:
        """The policy types in force."""
        found = ["resource"] if self.case["resource_policy"] is not None else []
        if self.case["vpc_endpoint_policies"] is not None:
            found.append("vpce")
        service_role = "/AWSServiceRoleFor" in self.caller or ":role/aws-service-role/" in self.caller
        if self.case["resource_control_policies"] and self.rcps_count() and not service_role:
            found.append("rcp")
        if self.case["service_control_policies"] and self.account and self.kind != "provider" and not service_role:
            found.append("scp")
        if self.kind in ("user", "session", "federated"):
            found.append("identity")
            found += ["boundary"] if self.case["permission_boundaries"] is not None else []
            found += ["session"] if self.case["session_policies"] is not None or self.kind == "federated" else []
        return found

    def rcps_count(self) -> bool:
        service = self.action.split(":")[0]
        aws_key = service == "kms" and ":alias/aws/" in self.resource
        return service in RCP_SERVICES and self.action != "kms:retiregrant" and not aws_key

    def levels(self, kind: str) -> list[list[Case]]:
        names = {
            "identity": "identity_policies",
            "boundary": "permission_boundaries",
            "session": "session_policies",
            "vpce": "vpc_endpoint_policies",
        }
        if kind == "resource":
            return [[self.case["resource_policy"]]]
        if kind == "scp":
            return list(self.case["service_control_policies"])
        if kind == "rcp":
            return list(self.case["resource_control_policies"])
        return [self.case[names[kind]] or []]

    def applying(self, kind: str, level: list[Case], effect: str) -> list[Case]:
        """The statements of a level that apply, with their documents' names for the caller."""
        found = []
        for document in level:
            statements = document["Statement"]
            for statement in statements if isinstance(statements, list) else [statements]:
                if statement["Effect"] == effect and self.applies(kind, document, statement):
                    found += [statement]
        return found

    def applies(self, kind: str, document: Case, statement: Case) -> bool:
        new = document.get("Version") == "2012-10-17"
        if kind in ("resource", "rcp", "vpce") and not self.names(kind, statement):
            return False
        return (
            self.about_action(statement)
            and self.about_resource(kind, statement, new)
            and self.conditions_hold(statement, new)
        )

    def denied(self, kind: str) -> bool:
        return any(self.applying(kind, level, "Deny") for level in self.levels(kind))

    def allowed(self, kind: str) -> bool:
        return all(self.applying(kind, level, "Allow") for level in self.levels(kind))

    # -- who may pass

    def untouchable(self) -> bool:
        service, _, verb = self.action.partition(":")
        if service not in ("iam", "kms") or verb.startswith(("get", "list", "simulate", "generate")):
            return False
        places = ("iam::aws:policy/", ":role/aws-reserved/", ":alias/aws/")
        return any(place in self.resource for place in places)

    def granted(self) -> bool:
        grants = {way for s in self.resource_allows() for way in self.ways(s)}
        if self.kind in ("service", "provider", "anonymous"):
            return bool(grants)
        same = self.account == self.owner
        if self.kind == "root":
            return bool(grants) or (same and not self.needs_trust())
        rest = all(self.allowed(kind) for kind in ("boundary", "session") if kind in self.types())
        mine = self.allowed("identity") and rest
        if not same:
            return bool(grants) and mine
        if "direct" in grants:
            return True
        if "role" in grants and rest:
            return True
        return mine and ("account" in grants or not self.needs_trust())

    def resource_allows(self) -> list[Case]:
        if "resource" not in self.types():
            return []
        return self.applying("resource", [self.case["resource_policy"]], "Allow")

    def needs_trust(self) -> bool:
        if self.action.startswith("kms:"):
            return bool(re.fullmatch(r"arn:[^:]*:kms:[^:]*:[^:]*:key/.*", self.resource, re.DOTALL))
        if self.action.startswith("sts:"):
            return bool(re.fullmatch(r"arn:[^:]*:iam:[^:]*:[^:]*:role/.*", self.resource, re.DOTALL))
        return False

    # -- principals

    def names(self, kind: str, statement: Case) -> bool:
        if "Principal" in statement:
            return bool(self.ways(statement))
        if "NotPrincipal" not in statement:
            return kind != "resource"
        if statement["Effect"] == "Allow":
            return bool(self.ways(statement))
        if "boundary" in self.types():
            return True
        return not self.fully_listed(values_of(statement["NotPrincipal"]))

    def ways(self, statement: Case) -> set[str]:
        if "NotPrincipal" in statement:
            listed = {way for kind, value in values_of(statement["NotPrincipal"]) for way in self.way(kind, value)}
            return set() if listed else {"direct"}
        return {way for kind, value in values_of(statement["Principal"]) for way in self.way(kind, value)}

    def way(self, kind: str, value: str) -> list[str]:
        if kind == "Service":
            return ["direct"] if self.kind == "service" and value == self.caller else []
        if kind == "Federated":
            return ["direct"] if self.kind == "provider" and value == self.caller else []
        if kind != "AWS":
            return []
        if value == "*":
            return ["direct"]
        if self.kind in ("service", "provider", "anonymous"):
            return []
        if value == self.account or re.fullmatch(rf"arn:[^:]*:iam::{self.account}:root", value):
            return ["direct"] if self.kind == "root" else ["account"]
        if value == self.caller and ":role/" not in value:
            return ["direct"]
        return ["role"] if self.behind(value) else []

    def behind(self, value: str) -> bool:
        """Whether the value is the role or user that the session comes from."""
        found = re.fullmatch(rf"arn:[^:]*:iam::{self.account}:(role|user)/(.*)", value)
        if not found:
            return False
        if self.kind == "session" and found[1] == "role":
            name = self.caller.split("/")[-1] if ":role/" in self.caller else self.caller.split("/")[1]
            return found[2].split("/")[-1] == name
        return self.kind == "federated" and found[1] == "user" and found[2] == self.caller.split("/", 1)[1]

    def fully_listed(self, listed: list[tuple[str, str]]) -> bool:
        if ("AWS", "*") in listed:
            return True
        ways = {way for kind, value in listed for way in self.way(kind, value)}
        if self.kind == "root":
            return "direct" in ways
        if self.kind == "user" or self.kind == "federated":
            return {"account", "direct"} <= ways
        if self.kind == "session":
            return ({"account", "role"} if ":role/" in self.caller else {"account", "role", "direct"}) <= ways
        return "direct" in ways

    # -- elements

    def about_action(self, statement: Case) -> bool:
        negated = "NotAction" in statement
        patterns = as_list(statement["NotAction" if negated else "Action"])
        return any(action_fits(pattern, self.action) for pattern in patterns) != negated

    def about_resource(self, kind: str, statement: Case, new: bool) -> bool:
        if "Resource" not in statement and "NotResource" not in statement:
            return kind == "resource"
        negated = "NotResource" in statement
        patterns = as_list(statement["NotResource" if negated else "Resource"])
        return any(self.resource_fits(pattern, new) for pattern in patterns) != negated

    def resource_fits(self, pattern: str, new: bool) -> bool:
        parts = pattern.split(":", 5)
        if len(parts) == 6:
            tail = self.fill(parts[5], new, True)
            mine = self.resource.split(":", 5)
            if tail is None or len(mine) != 6:
                return False
            return all(fits(plain(a), b) for a, b in zip(parts[:5], mine[:5], strict=True)) and fits(tail, mine[5])
        return short_fits(parts, self.resource)

    def fill(self, text: str, new: bool, wild: bool) -> Signs | None:
        """The characters of a value, variables replaced; None when one has no value."""
        out: list[tuple[str, bool]] = []
        while text:
            end = text.find("}")
            if new and text.startswith("${") and end > 0:
                value = self.value(text[2:end])
                if value is None:
                    return None
                out += [(sign, False) for sign in value]
                text = text[end + 1 :]
            else:
                out.append((text[0], wild and text[0] in "*?"))
                text = text[1:]
        return tuple(out)

    def value(self, name: str) -> str | None:
        if name in ("*", "?", "$"):
            return name
        default = None
        if ", '" in name and name.endswith("'"):
            name, default = name[:-1].split(", '", 1)
        found = self.context.get(name.lower())
        return found if isinstance(found, str) else default

    # -- conditions

    def conditions_hold(self, statement: Case, new: bool) -> bool:
        return all(
            self.holds(operator, key, [as_text(value) for value in as_list(values)], new)
            for operator, keys in statement.get("Condition", {}).items()
            for key, values in keys.items()
        )

    def holds(self, operator: str, key: str, wanted: list[str], new: bool) -> bool:
        name = operator.lower()
        sets = next((word for word in ("forallvalues:", "foranyvalue:") if name.startswith(word)), "")
        name = name[len(sets) :]
        if_exists = name.endswith("ifexists")
        name = name[:-8] if if_exists else name
        seen = self.context.get(key.lower())
        if name == "null":
            return not if_exists and ("true" if seen is None else "false") in [value.lower() for value in wanted]
        if name.replace("not", "") not in KNOWN:
            return False
        negated = "not" in name
        if seen is None:
            return if_exists or sets == "forallvalues:" or (negated and not sets)
        if not sets and isinstance(seen, list):
            return False
        values = seen if isinstance(seen, list) else [seen]
        answers = [any(self.meets(name.replace("not", ""), v, w, new) for w in wanted) != negated for v in values]
        if sets == "forallvalues:":
            return all(value == "" for value in values) or all(answers)
        return any(answers)

    def meets(self, name: str, seen: str, wanted: str, new: bool) -> bool:
        """One request value against one policy value, positively."""
        if name.startswith(("string", "arn", "bool")):
            pattern = self.fill(wanted, new, name == "stringlike" or name.startswith("arn"))
            return pattern is not None and text_meets(name, seen, pattern)
        if name.startswith("numeric"):
            return compared(name[7:], number(seen), number(wanted))
        if name.startswith("date"):
            return compared(name[4:], moment(seen), moment(wanted))
        if name == "ipaddress":
            return in_range(seen, wanted)
        try:
            raw = base64.b64decode(wanted, validate=True)
        except ValueError:
            return False
        return seen.encode() == raw or same_bytes(seen, raw)
