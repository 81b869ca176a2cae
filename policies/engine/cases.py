"""The neutral case format: one JSON object that holds a request, all policies, and perhaps the expected outcome."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from policies.engine import arn
from policies.engine.decision import Decision, MatchedStatement, Outcome, Source, SourceKind
from policies.engine.document import as_text, compile_document
from policies.engine.evaluate import decide
from policies.engine.explain import explain
from policies.engine.policy_set import Policy, PolicySet
from policies.engine.positioned import DocumentError, Node, parse
from policies.engine.principal import Principal, PrincipalKind
from policies.engine.request import Request

Context = dict[str, str | Sequence[str]]


class CaseError(ValueError):
    """A case that cannot be read; the text names the member that is wrong."""


@dataclass(frozen=True)
class Case:
    """A case, ready to be decided; `given` is the object it was read from."""

    given: Mapping[str, object]
    request: Request
    policies: PolicySet
    expected: Outcome | None

    @property
    def title(self) -> str:
        """Its id and name."""
        return " ".join(str(self.given[name]) for name in ("id", "name") if name in self.given) or "case"


@dataclass(frozen=True)
class Result:
    """What came of a case; `output` is the object to write."""

    case: Case
    decision: Decision
    output: dict[str, object]

    @property
    def differs(self) -> bool:
        """Whether another outcome was expected."""
        return self.case.expected not in (None, self.decision.outcome)


def read_lines(lines: Iterator[str]) -> Iterator[tuple[int, Case | CaseError]]:
    """The cases of a text with one JSON object a line, each with its line number; empty lines are skipped."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield number, parse_case(line.rstrip("\r\n"))
        except CaseError as error:
            yield number, error


def parse_case(source: str | Mapping[str, object]) -> Case:
    """Read one case; whatever is wrong with it raises CaseError. Places in explanations are those in its own text."""
    node = _parsed(source)
    given = _object(node.value, "the case")
    for name in given:
        if name not in _POLICY_TYPES and name.endswith(_LIKE_POLICY_TYPES):
            # A misspelled type would be a type that does not apply, and the decision another one.
            raise CaseError(f"{name} is no policy type; there are {', '.join(_POLICY_TYPES)}")
    request = _request(_object(given.get("request"), "request"), _options(given))
    return Case(given, request, _policies(node), _expected(given.get("expected")))


_POLICY_TYPES = (
    "identity_policies",
    "permission_boundaries",
    "session_policies",
    "resource_policy",
    "vpc_endpoint_policies",
    "service_control_policies",
    "resource_control_policies",
)
_LIKE_POLICY_TYPES = ("_policies", "_policy", "_boundaries", "_boundary")


def run(case: Case, *, trace: bool = False) -> Result:
    """Decide a case; `trace` adds the whole explanation to the output."""
    output = dict(case.given)
    if trace:
        explanation = explain(case.request, case.policies)
        decision = explanation.decision
        output |= {**_answer(decision), "explanation": explanation.to_dict()}
    else:
        decision = decide(case.request, case.policies)
        output |= _answer(decision)
    return Result(case, decision, output)


def _answer(decision: Decision) -> dict[str, object]:
    return {
        "decision": decision.outcome.value,
        "decided_by": decision.layer.value,
        "matched": [_matched(statement) for statement in decision.matched],
    }


def _matched(statement: MatchedStatement) -> dict[str, object]:
    return {
        "source": statement.source.name,
        "kind": statement.source.kind.value,
        "statement": statement.index,
        "sid": statement.sid,
        "effect": statement.effect,
    }


def _parsed(source: str | Mapping[str, object]) -> Node:
    try:
        text = as_text(source).removeprefix("\ufeff")
        broken = _NOT_UTF8.search(text)
        if broken:
            raise CaseError(f"not UTF-8 (column {broken.start() + 1})")
        return parse(text, longest=None, deepest=40)
    except DocumentError as error:
        raise CaseError(f"not JSON: {error.message} ({_place(error)})") from None


# How Python reads bytes that are no UTF-8, where it is asked not to fail.
_NOT_UTF8 = re.compile("[\udc80-\udcff]")


def _place(error: DocumentError) -> str:
    """A case is one line, so that its columns are enough."""
    return f"column {error.column}" if error.line == 1 else f"line {error.line}, column {error.column}"


def _object(value: object, name: str) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise CaseError(f"{name} must be an object")
    return value


def _text(given: Mapping[str, object], name: str, default: str | None = None) -> str:
    value = given.get(name, default)
    if value is None and default is not None:
        return default
    if not isinstance(value, str) or (default is None and not value):
        raise CaseError(f"request.{name} must be a text")
    return value


def _expected(value: object) -> Outcome | None:
    if value is None:
        return None
    found = next((outcome for outcome in Outcome if outcome.value == value), None)
    if found is None:
        raise CaseError("expected must be Allowed, ImplicitlyDenied or ExplicitlyDenied")
    return found


def _options(given: Mapping[str, object]) -> Mapping[str, object]:
    options = given.get("options")
    return {} if options is None else _object(options, "options")


def _request(given: Mapping[str, object], options: Mapping[str, object]) -> Request:
    context = _context(given.get("context"))
    return Request(
        principal=_principal(_text(given, "principal"), context),
        action=_text(given, "action"),
        resource=_text(given, "resource", "*"),
        resource_account=_text(given, "resource_account", ""),
        context=context,
        options=options,
    )


def _principal(text: str, context: Context) -> Principal:
    """The caller of the ARN; the context may know the id, and the path of the role, which a session ARN cannot tell."""
    _check_arn(text)
    found = Principal.from_arn(text)
    keys = {name.lower(): value for name, value in context.items()}
    user_id, full = keys.get("aws:userid"), keys.get("aws:principalarn")
    unique_id = user_id.partition(":")[0] if isinstance(user_id, str) and found.kind in _WITH_ID else ""
    role_arn, linked = found.role_arn, found.service_linked
    if isinstance(full, str) and role_arn and _is_same_role(full, role_arn):
        role_arn, linked = full, Principal.from_arn(full).service_linked or linked
    return Principal(found.kind, found.arn, found.account_id, unique_id, role_arn, found.user_arn, linked)


def _check_arn(text: str) -> None:
    """An ARN that names no caller would pass for a stranger, and every answer would be a refusal."""
    if not text.startswith("arn:"):
        return
    if arn.split(text) is None:
        raise CaseError("request.principal is no whole ARN: six parts with colons between them are expected")
    if arn.resource_of(text).partition("/")[0] not in _CALLERS:
        raise CaseError(f"request.principal names no caller; its resource begins with one of {', '.join(_CALLERS)}")


_CALLERS = ("root", "user", "role", "assumed-role", "federated-user", "saml-provider", "oidc-provider")
_WITH_ID = (PrincipalKind.USER, PrincipalKind.ROLE_SESSION)


def _is_same_role(full: str, known: str) -> bool:
    if not arn.resource_of(full).startswith("role/") or arn.account_of(full) != arn.account_of(known):
        return False
    return arn.name_of(full) == arn.name_of(known)


def _context(given: object) -> Context:
    if given is None:
        return {}
    found: Context = {}
    for key, value in _object(given, "request.context").items():
        if isinstance(value, list):
            found[key] = [_scalar(item, key) for item in value]
        elif value is not None:
            found[key] = _scalar(value, key)
    return found


def _scalar(value: object, key: str) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | int | float):
        return str(value)
    raise CaseError(f"request.context.{key} must be a text, a number, a boolean or a list of them")


def _policies(case: Node) -> PolicySet:
    resource = _member(case, "resource_policy")
    return PolicySet(
        identity=_listed(case, "identity_policies", SourceKind.INLINE) or (),
        boundary=_listed(case, "permission_boundaries", SourceKind.BOUNDARY),
        session=_listed(case, "session_policies", SourceKind.SESSION),
        resource=None if resource is None else _policy(resource, "resource_policy", SourceKind.RESOURCE),
        scp_levels=_levels(case, "service_control_policies", SourceKind.SCP),
        rcp_levels=_levels(case, "resource_control_policies", SourceKind.RCP),
        endpoint=_listed(case, "vpc_endpoint_policies", SourceKind.ENDPOINT),
    )


def _member(case: Node, name: str) -> Node | None:
    """The member, unless it is absent or null."""
    found = case.get(name)
    return None if found is None or found.value is None else found


def _listed(case: Node, name: str, kind: SourceKind) -> tuple[Policy, ...] | None:
    found = _member(case, name)
    return None if found is None else _all(found, name, kind)


def _levels(case: Node, name: str, kind: SourceKind) -> tuple[tuple[Policy, ...], ...] | None:
    found = _member(case, name)
    if found is None:
        return None
    if found.kind != "array":
        raise CaseError(f"{name} must be a list of levels")
    return tuple(_all(level, f"{name}[{place}]", kind) for place, level in enumerate(found.items))


def _all(found: Node, name: str, kind: SourceKind) -> tuple[Policy, ...]:
    if found.kind != "array":
        raise CaseError(f"{name} must be a list of policy documents")
    return tuple(_policy(item, f"{name}[{place}]", kind) for place, item in enumerate(found.items))


def _policy(found: Node, name: str, kind: SourceKind) -> Policy:
    try:
        return Policy(compile_document(found), Source(kind, name))
    except DocumentError as error:
        raise CaseError(f"{name}: {error.message} ({_place(error)})") from None
