"""Resources: are they ARNs, and do they go together with the actions of their statement."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policies.engine.lint.facts import CatalogFacts
from policies.engine.lint.finding import Finding, report, shown
from policies.engine.lint.overlap import fits_type
from policies.engine.lint.scope import Scope, Statement
from policies.engine.positioned import Node
from policies.engine.validate_kinds import DocumentKind, text_of
from policies.engine.validate_resources import has_legacy_form, resource_problem

_ACCOUNT = re.compile(r"\d{12}|aws|[\d*?]*\*[\d*?]*|[\d?]{12}|", re.ASCII)
_LONGEST_ACCOUNT = 64
_TYPE_WITH_STAR = re.compile(r"[A-Za-z-]*[*?][A-Za-z*?-]*[/:]|[A-Za-z-]+\*$")
# Services whose resources all begin with their type; elsewhere (S3, SNS, SQS) the name itself comes first.
_TYPED = frozenset({
    "autoscaling", "cloudformation", "dynamodb", "ec2", "ecr", "ecs", "eks", "elasticloadbalancing", "glue", "iam",
    "kms", "lambda", "logs", "rds", "route53",
})  # fmt: skip


def check(scope: Scope) -> Iterator[Finding]:
    for statement in scope.statements:
        for node in (*statement.resources, *statement.not_resources):
            yield from _form(node)
        if scope.catalog and scope.kind is not DocumentKind.TRUST and statement.resources:
            yield from _together(scope, scope.catalog, statement)


def _form(node: Node) -> Iterator[Finding]:
    text = text_of(node)
    problem = resource_problem(text)
    if problem:
        yield report("invalid-arn", node, problem)
    elif not has_legacy_form(text):
        yield report("invalid-arn", node, f"{shown(text)} lacks parts: arn:partition:service:region:account:resource.")
    elif text != "*":
        yield from _parts(node, text.split(":", 5))


def _parts(node: Node, parts: list[str]) -> Iterator[Finding]:
    if len(parts) < 6:
        if not parts[-1].endswith("*"):
            yield report("short-arn", node, "This ARN has fewer than six parts, so it matches no resource.")
        return
    account, resource = parts[4], parts[5]
    if "${" not in account and not (len(account) <= _LONGEST_ACCOUNT and _ACCOUNT.fullmatch(account)):
        yield report("invalid-account", node, f"{shown(account)} is no account: twelve digits, or nothing for S3.")
    if parts[2] in _TYPED and resource != "*" and _TYPE_WITH_STAR.match(resource):
        message = f"The resource type in {shown(resource)} holds a wildcard; write the type out, as in user/*."
        yield report("type-wildcard", node, message)


def _together(scope: Scope, catalog: CatalogFacts, statement: Statement) -> Iterator[Finding]:
    resources = [node for node in statement.resources if not resource_problem(text_of(node))]
    if any(node.value == "*" for node in resources) or not resources:
        return
    wanted = [(node, _patterns(scope, catalog, node)) for node in statement.actions]
    if not scope.overlaps.spend(len(resources) * sum(len(patterns or ()) for _, patterns in wanted)):
        return
    for node, patterns in wanted:
        if patterns is not None:
            yield from _action(node, patterns, resources)
    known = {pattern for _, patterns in wanted if patterns for pattern in patterns}
    if known and all(patterns is not None for _, patterns in wanted):
        yield from _useless(resources, known)


def _patterns(scope: Scope, catalog: CatalogFacts, node: Node) -> set[str] | None:
    """The ARN patterns of all actions an entry stands for; None when it stands for none that is known."""
    names = scope.expand(text_of(node))
    return {pattern for name in names for pattern in catalog.resource_patterns(name)} if names else None


def _action(node: Node, patterns: set[str], resources: list[Node]) -> Iterator[Finding]:
    if not patterns:
        message = f'{text_of(node)} works on no single resource: it is granted only by Resource "*".'
        yield report("wildcard-only-action", node, message)
    elif not any(fits_type(text_of(resource), pattern) for resource in resources for pattern in patterns):
        kinds = " or ".join(sorted(patterns)[:3])
        message = f"None of the resources is one that {text_of(node)} works on. It wants {kinds}."
        yield report("action-without-resource", node, message)


def _useless(resources: list[Node], patterns: set[str]) -> Iterator[Finding]:
    for resource in resources:
        if not any(fits_type(text_of(resource), pattern) for pattern in patterns):
            message = f"No action of this statement works on {shown(text_of(resource))}."
            yield report("resource-without-action", resource, message)
