"""What the tests of the provider's calls share: alice's client, one holder of each kind, all pages of a list."""

from __future__ import annotations

import json
from typing import Any

from tests.cast import ACCOUNT_ID
from tests.identities.steps import trust

ARN = f"arn:aws:iam::{ACCOUNT_ID}"
TAGS = [{"Key": "team", "Value": "blue"}]
BOUNDARY = "arn:aws:iam::aws:policy/PowerUserAccess"
EC2 = trust(Service="ec2.amazonaws.com")
GONE = "NoSuchEntity"


def document(*actions: str) -> str:
    """As `jsonencode` writes it: keys in order, no spaces, and a colon that must not be decoded twice."""
    statement = {"Action": list(actions), "Effect": "Allow", "Resource": "arn:aws:s3:::lab/%3A*", "Sid": ""}
    return json.dumps({"Statement": [statement], "Version": "2012-10-17"}, separators=(",", ":"))


def pages(iam: Any, name: str, member: str, **given: object) -> list[Any]:
    return [item for page in iam.get_paginator(name).paginate(**given) for item in page[member]]


def same(shown: object, sent: str) -> bool:
    """boto3 has decoded a document; the provider compares what it means."""
    return shown == json.loads(sent)
