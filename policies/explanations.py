"""Explanations as pages draw them, from the plain values that events keep: steps, policies, near misses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.urls import reverse

from policies.catalog import managed
from policies.engine import Decision, Outcome

OUTCOMES = {"Allowed": "Allowed", "ImplicitlyDenied": "Denied (implicit)", "ExplicitlyDenied": "Denied (explicit)"}
STATUS = {"Allowed": "success", "ImplicitlyDenied": "stopped", "ExplicitlyDenied": "error"}
LAYERS = {
    "rcp": "Resource control policies",
    "scp": "Service control policies",
    "vpce": "VPC endpoint policy",
    "resource": "Resource policy",
    "identity": "Identity policies",
    "boundary": "Permissions boundary",
    "session": "Session policies",
    "root": "Root user",
    "default": "Default",
}
KINDS = {
    "aws-managed": "AWS managed",
    "customer-managed": "Customer managed",
    "inline": "Inline",
    "boundary": "Permissions boundary",
    "session": "Session policy",
    "resource": "Resource policy",
    "trust": "Trust policy",
    "scp": "Service control policy",
    "rcp": "Resource control policy",
    "vpce": "VPC endpoint policy",
}
SELDOM = ("vpce",)
Plain = Mapping[str, Any]  # what JSON gave


@dataclass(frozen=True)
class Step:
    """One step of the evaluation; `lit` where the decision fell."""

    number: int
    text: str
    status: str
    lit: bool = False


@dataclass(frozen=True)
class ElementView:
    """One element of a statement: what it wanted and what the request had."""

    name: str
    matched: bool
    wanted: list[str]
    seen: list[str]
    more: int
    resolved: list[str]
    note: str

    @property
    def complaint(self) -> str:
        """Why it did not match, in one sentence."""
        if self.note and not self.wanted:
            return f"{self.name}: {self.note}"
        wanted = " or ".join(self.wanted[:3]) + (", …" if len(self.wanted) + self.more > 3 else "")
        seen = ", ".join(self.seen) if self.seen else "nothing (the key is absent)"
        return f"{self.name} needs {wanted}; the request has {seen}"


@dataclass(frozen=True)
class StatementView:
    """One statement: it applied, or these elements stood in the way."""

    number: int
    sid: str
    effect: str
    applied: bool
    elements: list[ElementView]

    @property
    def title(self) -> str:
        return self.sid or f"Statement {self.number}"

    @property
    def failing(self) -> list[ElementView]:
        return [element for element in self.elements if not element.matched]

    @property
    def near(self) -> bool:
        """Whether it speaks of the action and still did not apply."""
        return bool(self.failing) and not any(each.name in ("Action", "NotAction") for each in self.failing)


@dataclass(frozen=True)
class SourceView:
    """Where a policy comes from."""

    kind: str
    name: str
    arn: str
    version: str
    attached_to: str

    @property
    def label(self) -> str:
        return KINDS.get(self.kind, self.kind)

    @property
    def via(self) -> str:
        return f"through {self.attached_to}" if self.attached_to else "directly"

    @property
    def url(self) -> str:
        return reverse("policy", args=[self.arn]) if ":policy/" in self.arn else ""

    @property
    def by_aws(self) -> bool:
        return self.arn.startswith(managed.ARN_PREFIX)


@dataclass(frozen=True)
class PolicyView:
    """One policy that was considered, with its statements."""

    source: SourceView
    layer: str
    statements: list[StatementView]

    @property
    def layer_title(self) -> str:
        return LAYERS[self.layer]

    @property
    def applied(self) -> list[StatementView]:
        return [statement for statement in self.statements if statement.applied]

    @property
    def near(self) -> list[StatementView]:
        return [statement for statement in self.statements if statement.near]

    @property
    def about_the_action(self) -> list[StatementView]:
        return [statement for statement in self.statements if statement.applied or statement.near]


@dataclass(frozen=True)
class Deciding:
    """A statement that decided."""

    source: SourceView
    index: int
    sid: str
    effect: str

    @property
    def title(self) -> str:
        return f"{self.source.name} › {self.sid or f'statement {self.index + 1}'}"


@dataclass(frozen=True)
class Explained:
    """A decision as kept; without `layers` (an allowed call) it knows only the statements that decided."""

    kept: Plain = field(repr=False)

    @property
    def outcome(self) -> str:
        return str(self.kept["decision"])

    @property
    def allowed(self) -> bool:
        return self.outcome == "Allowed"

    @property
    def decided_by(self) -> str:
        return str(self.kept["decided_by"])

    @property
    def outcome_text(self) -> str:
        return OUTCOMES[self.outcome]

    @property
    def status(self) -> str:
        return STATUS[self.outcome]

    @property
    def layer_title(self) -> str:
        return LAYERS[self.decided_by]

    @property
    def reason(self) -> str:
        reason = str(self.kept.get("reason", ""))
        return reason[:1].upper() + reason[1:]

    @property
    def notes(self) -> list[str]:
        return list(self.kept.get("notes", ()))

    @property
    def missing_keys(self) -> list[str]:
        return list(self.kept.get("missing_context_keys", ()))

    @property
    def traced(self) -> bool:
        return "layers" in self.kept

    @cached_property
    def policies(self) -> list[PolicyView]:
        return [_policy(layer, policy) for layer in self.kept.get("layers", ()) for policy in layer["policies"]]

    @cached_property
    def deciding(self) -> list[Deciding]:
        """The statements with the effect that decided, those of the deciding layer first."""
        if not self.traced:
            return [_deciding(each) for each in self.kept.get("matched", ())]
        effect = {"Allowed": "Allow", "ExplicitlyDenied": "Deny"}.get(self.outcome)
        ordered = sorted(self.policies, key=lambda policy: policy.layer != self.decided_by)
        return [
            Deciding(policy.source, each.number - 1, each.sid, each.effect)
            for policy in ordered
            for each in policy.applied
            if each.effect == effect
        ]

    @cached_property
    def near_misses(self) -> list[tuple[PolicyView, StatementView]]:
        """For an implicit deny: Allow statements of the deciding layer that speak of the action and missed."""
        if self.outcome != "ImplicitlyDenied":
            return []
        lacking = [policy for policy in self.policies if policy.layer == self.decided_by]
        return [(policy, each) for policy in lacking for each in policy.near if each.effect == "Allow"]

    @cached_property
    def steps(self) -> list[Step]:
        texts = list(self._steps())
        return [Step(number, *each) for number, each in enumerate(texts, 1)]

    def _steps(self) -> Iterator[tuple[str, str, bool]]:
        explicit = self.outcome == "ExplicitlyDenied"
        if self.decided_by == "root":
            yield f"Root user — {self.reason or 'the root user has full access to its own account'}", "success", True
            return
        if explicit:
            yield f"Explicit deny — {self._names('Deny')} matched", "error", True
        else:
            yield "Explicit deny — no statement denies", "success", False
        if not self.traced:
            yield f"{self.layer_title} — {self._names('Allow')} allows", "success", True
            return
        for layer in self.kept["layers"]:
            if layer["layer"] not in SELDOM or layer["result"] != "NotApplicable":
                yield self._layer_step(layer, explicit)
        if self.decided_by == "default":
            yield f"Default — {self.reason or self.outcome_text}", self.status, True

    def _layer_step(self, layer: Plain, explicit: bool) -> tuple[str, str, bool]:
        title, result = LAYERS[layer["layer"]], layer["result"]
        lit = not explicit and layer["layer"] == self.decided_by
        if result == "NotApplicable":
            return f"{title} — {layer['note'] or 'not applicable'}", "stopped", False
        if result == "ExplicitlyDenied":
            return f"{title} — {_names(layer, 'Deny')} denies", "error", False
        if result == "Allowed":
            allowing = f"allow ({_names(layer, 'Allow')})" if _names(layer, "Allow") else "allow"
            return f"{title} — {'would ' if explicit else ''}{allowing}", "stopped" if explicit else "success", lit
        return f"{title} — {layer['note'] or 'no statement allows'}", "error" if lit else "stopped", lit

    def _names(self, effect: str) -> str:
        return _joined(each.sid or each.source.name for each in self.deciding if each.effect == effect) or "a statement"


def explained(decision: Plain | Decision) -> Explained:
    """A decision ready to be drawn."""
    return Explained(decision.to_dict() if isinstance(decision, Decision) else decision)


def outcome_of(decision: Decision) -> tuple[str, str]:
    """The kind of status and the words for a bare decision."""
    return STATUS[decision.outcome.value], OUTCOMES[decision.outcome.value]


def count_outcomes(decisions: Sequence[Decision]) -> str:
    """`2 allowed, 1 implicitly denied`, in AWS's order."""
    words = {
        Outcome.ALLOWED: "allowed",
        Outcome.EXPLICITLY_DENIED: "explicitly denied",
        Outcome.IMPLICITLY_DENIED: "implicitly denied",
    }
    counts = [(sum(each.outcome is outcome for each in decisions), word) for outcome, word in words.items()]
    return ", ".join(f"{count} {word}" for count, word in counts if count)


def _names(layer: Plain, effect: str) -> str:
    return _joined(
        each["sid"] or policy["source"]["name"]
        for policy in layer["policies"]
        for each in policy["statements"]
        if each["applied"] and each["effect"] == effect
    )


def _joined(names: Iterator[str]) -> str:
    unique = list(dict.fromkeys(names))
    return ", ".join(unique[:3]) + (f" and {len(unique) - 3} more" if len(unique) > 3 else "")


def _policy(layer: Plain, policy: Plain) -> PolicyView:
    return PolicyView(_source(policy["source"]), layer["layer"], [_statement(each) for each in policy["statements"]])


def _source(source: Plain) -> SourceView:
    names = ("kind", "name", "arn", "version", "attached_to")
    return SourceView(*(str(source.get(name, "")) for name in names))


def _deciding(matched: Plain) -> Deciding:
    return Deciding(_source(matched["source"]), matched["index"], matched["sid"], matched["effect"])


def _statement(statement: Plain) -> StatementView:
    elements = [_element(each) for each in statement["elements"]]
    return StatementView(statement["index"] + 1, statement["sid"], statement["effect"], statement["applied"], elements)


def _element(element: Plain) -> ElementView:
    name = element["element"]
    if element.get("key"):
        name = f"Condition {element['operator']} {element['key']}"
    return ElementView(
        name=name,
        matched=element["matched"],
        wanted=list(element["wanted"]),
        seen=list(element["seen"]),
        more=element.get("more", 0),
        resolved=[str(each) for each in element.get("resolved", ()) if each is not None],
        note=element.get("note", ""),
    )
