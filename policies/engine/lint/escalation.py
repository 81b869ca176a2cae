"""Known ways from some permissions to more: what each needs, and what it gives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from policies.engine.lint.finding import Finding, report
from policies.engine.lint.permissive import star_resource
from policies.engine.lint.scope import Scope, Statement
from policies.engine.positioned import Node
from policies.engine.validate_kinds import DocumentKind, text_of


@dataclass(frozen=True, slots=True)
class Way:
    """All of `actions`, in lower case, are needed; the first is the one to point at."""

    actions: tuple[str, ...]
    gives: str


WAYS = (
    Way(("iam:createpolicyversion",), "write a new version of a policy that is attached to themselves"),
    Way(("iam:setdefaultpolicyversion",), "switch a policy to an older, wider version"),
    Way(("iam:attachuserpolicy",), "attach any policy to a user"),
    Way(("iam:attachgrouppolicy",), "attach any policy to a group"),
    Way(("iam:attachrolepolicy",), "attach any policy to a role"),
    Way(("iam:putuserpolicy",), "write an inline policy for a user"),
    Way(("iam:putgrouppolicy",), "write an inline policy for a group"),
    Way(("iam:putrolepolicy",), "write an inline policy for a role"),
    Way(("iam:addusertogroup",), "join any group"),
    Way(("iam:createaccesskey",), "make access keys for other users"),
    Way(("iam:createloginprofile",), "give other users a console password and sign in as them"),
    Way(("iam:updateloginprofile",), "change other users' console passwords and sign in as them"),
    Way(("iam:updateassumerolepolicy",), "let themselves assume any role"),
    Way(("iam:deleteuserpermissionsboundary",), "remove the permissions boundary of a user"),
    Way(("iam:deleterolepermissionsboundary",), "remove the permissions boundary of a role"),
    Way(("iam:putuserpermissionsboundary",), "replace the permissions boundary of a user"),
    Way(("iam:putrolepermissionsboundary",), "replace the permissions boundary of a role"),
    Way(("iam:passrole", "ec2:runinstances"), "start an instance with any role and use its credentials"),
    Way(("iam:passrole", "lambda:createfunction", "lambda:invokefunction"), "run a function with any role"),
    Way(("iam:passrole", "lambda:createfunction", "lambda:createeventsourcemapping"), "run a function with any role"),
    Way(("lambda:updatefunctioncode",), "put code into functions and use their roles"),
    Way(("iam:passrole", "glue:createdevendpoint"), "use any role from a Glue development endpoint"),
    Way(("glue:updatedevendpoint",), "use the role of a Glue development endpoint"),
    Way(("iam:passrole", "cloudformation:createstack"), "let CloudFormation act with any role"),
    Way(("iam:passrole", "datapipeline:createpipeline", "datapipeline:putpipelinedefinition"),
        "run a pipeline with any role"),
    Way(("iam:passrole", "codebuild:createproject", "codebuild:startbuild"), "run a build with any role"),
    Way(("iam:passrole", "sagemaker:createnotebookinstance", "sagemaker:createpresignednotebookinstanceurl"),
        "open a notebook with any role"),
    Way(("iam:passrole", "ecs:registertaskdefinition", "ecs:runtask"), "run a container with any role"),
    Way(("ssm:sendcommand",), "run commands on instances and use their roles"),
)  # fmt: skip


def check(scope: Scope) -> Iterator[Finding]:
    if scope.kind is not DocumentKind.IDENTITY:
        return
    wide = [one for one in scope.statements if one.allows and not one.is_conditional and star_resource(one)]
    wide = [one for one in wide if not any(text_of(node) in {"*", "*:*"} for node in one.actions)]
    denied = [one for one in scope.statements if one.denies and not one.is_conditional and _everywhere(one)]
    found: dict[int, tuple[Node, list[Way]]] = {}
    for way in WAYS:
        node = _open(way, wide, denied)
        if node is not None:
            found.setdefault(node.start, (node, []))[1].append(way)
    for node, ways in found.values():
        yield report("privilege-escalation", node, _message(ways))


def _everywhere(statement: Statement) -> bool:
    return any(node.value == "*" for node in statement.resources)


def _open(way: Way, wide: list[Statement], denied: list[Statement]) -> Node | None:
    """The entry that opens the way, when every action it needs is allowed and none is denied."""
    nodes = [_granted(action, wide) for action in way.actions]
    if not all(nodes) or any(one.covers_action(action) for one in denied for action in way.actions):
        return None
    return nodes[0]


def _granted(action: str, wide: list[Statement]) -> Node | None:
    return next((node for one in wide if (node := one.action_node(action)) is not None), None)


def _message(ways: list[Way]) -> str:
    gives = list(dict.fromkeys(way.gives for way in ways))
    more = f", and {len(gives) - 3} ways more" if len(gives) > 3 else ""
    return f"Whoever holds this can {'; '.join(gives[:3])}{more}, and so get permissions they were not given."
