"""Trust policies as the console writes them for an account or a service, and as its lists say whom they trust."""

from __future__ import annotations

import json
import re

from policies.engine.validate import StatedPrincipal, trust_principals

STARTER = """{
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "Statement1",
            "Effect": "Allow",
            "Principal": {},
            "Action": "sts:AssumeRole"
        }
    ]
}"""
EC2 = "ec2.amazonaws.com"
SERVICES = {
    EC2: ("EC2", "Lets EC2 instances call AWS services with this role."),
    "lambda.amazonaws.com": ("Lambda", "Lets Lambda functions call AWS services with this role."),
    "apigateway.amazonaws.com": ("API Gateway", "Lets API Gateway call AWS services with this role."),
    "cloudformation.amazonaws.com": ("CloudFormation", "Lets CloudFormation manage stacks with this role."),
    "codebuild.amazonaws.com": ("CodeBuild", "Lets CodeBuild projects call AWS services with this role."),
    "ecs-tasks.amazonaws.com": ("Elastic Container Service Task", "Lets ECS tasks call AWS services with this role."),
    "events.amazonaws.com": ("EventBridge", "Lets EventBridge rules start their targets with this role."),
    "glue.amazonaws.com": ("Glue", "Lets Glue jobs call AWS services with this role."),
    "states.amazonaws.com": ("Step Functions", "Lets state machines call AWS services with this role."),
}
_ARN = re.compile(r"arn:aws[a-z-]*:(?:iam|sts)::(?P<account>\d{12}):(?P<rest>.+)")


def service_trust(service: str) -> str:
    """The trust policy that lets a service of AWS's assume the role."""
    return _document({"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"})


def account_trust(account_id: str, *, external_id: str = "", mfa: bool = False) -> str:
    """The trust policy that lets an account hand out the right to assume the role, on conditions if wanted."""
    condition: dict[str, dict[str, str]] = {}
    if external_id:
        condition["StringEquals"] = {"sts:ExternalId": external_id}
    if mfa:
        condition["Bool"] = {"aws:MultiFactorAuthPresent": "true"}
    principal = {"AWS": f"arn:aws:iam::{account_id}:root"}
    return _document({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal, "Condition": condition})


def _document(statement: dict[str, object]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, indent=4)


def trusted_entities(document: str) -> list[str]:
    """Whom a trust policy names, each once, in the words of the roles list."""
    return list(dict.fromkeys(_words(principal) for principal in trust_principals(document)))


def _words(principal: StatedPrincipal) -> str:
    value = principal.value
    if value == "*":
        return "Everyone"
    if principal.kind == "Service":
        return f"AWS Service: {value.removesuffix('.amazonaws.com')}"
    if principal.kind == "Federated":
        return f"Identity Provider: {value}"
    return _identity(value) if principal.kind == "AWS" else f"{principal.kind}: {value}"


def _identity(value: str) -> str:
    """An account, or one identity of an account; what was deleted has left only its id."""
    parts = _ARN.fullmatch(value)
    if value.isdecimal() or (parts and parts["rest"] == "root"):
        return f"Account: {parts['account'] if parts else value}"
    return f"Account: {parts['account']} ({parts['rest']})" if parts else f"Deleted identity: {value}"
