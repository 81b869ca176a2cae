"""What tests of policy operations say over and over."""

from __future__ import annotations

import json
from typing import Any

import pytest

from accounts.caller import Caller
from iamconsole.operations.door import perform
from iamconsole.operations.errors import ApiError
from tests.cast import ACCOUNT_ID
from tests.operations.examples_policies import TRUST

AWS_READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
SERVICE_ROLE_POLICY = "arn:aws:iam::aws:policy/aws-service-role/BatchServiceRolePolicy"
HOLDERS = ("User", "Group", "Role")


def do(caller: Caller, verb: str, **inputs: object) -> dict[str, Any]:
    return perform(caller, f"iam:{verb}", inputs)


def refused(caller: Caller, verb: str, **inputs: object) -> tuple[str, str]:
    """The code and text of the error that the call gives."""
    with pytest.raises(ApiError) as refusal:
        do(caller, verb, **inputs)
    return refusal.value.code, refusal.value.message


def document(action: str = "s3:ListBucket", *, effect: str = "Allow", size: int = 0) -> str:
    """A policy document; with `size`, of exactly so many characters without white space."""
    statement = {"Sid": "", "Effect": effect, "Action": action, "Resource": "*"}
    text = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    filling = size - len("".join(text.split()))
    return text.replace('"Sid": ""', f'"Sid": "{"x" * max(0, filling)}"')


def arn(name: str, path: str = "/") -> str:
    return f"arn:aws:iam::{ACCOUNT_ID}:policy{path}{name}"


def make_policy(caller: Caller, name: str = "Reports", **more: object) -> str:
    """A customer managed policy; its ARN."""
    made = do(caller, "CreatePolicy", **{"PolicyName": name, "PolicyDocument": document(), **more})
    return str(made["Policy"]["Arn"])


def make(caller: Caller, kind: str, name: str = "dana") -> dict[str, str]:
    """A user, group or role; the input that names it."""
    trust = {"AssumeRolePolicyDocument": TRUST} if kind == "Role" else {}
    do(caller, f"Create{kind}", **{f"{kind}Name": name}, **trust)
    return {f"{kind}Name": name}
