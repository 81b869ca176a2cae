"""How many statements a call takes: what a user, an attachment and a read cost the database."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from iamconsole.operations import door
from tests.world import World

FORM = "application/x-www-form-urlencoded"


def ask(key: Credentials, action: str) -> int:
    """The status of a signed call."""
    body = f"Action={action}&Version=2010-05-08"
    request = AWSRequest("POST", "http://testserver/", data=body.encode(), headers={"Content-Type": FORM})
    SigV4Auth(key, "iam", "us-east-1").add_auth(request)
    headers = {name: value for name, value in request.headers.items() if name != "Content-Type"}
    answer: Any = Client().generic("POST", "/", body, content_type=FORM, headers=headers | {"Host": "testserver"})
    return int(answer.status_code)


@pytest.mark.parametrize(
    ("action", "most"),
    [
        # The key, the user with its boundary; then the event: end of the chain, row, new end.
        ("GetUser&UserName=bob", 5),
        ("ListUsers", 5),
        # The key with the caller, its policies; the account, the name, the revision and the count for the quota, the
        # row; the event.
        ("CreateUser&UserName=dana{}", 10),
        # The key with the caller, the user with its boundary, the caller's policies; the account, what is attached,
        # the row; the event.
        ("AttachUserPolicy&UserName=bob&PolicyArn=arn:aws:iam::aws:policy/{}", 9),
    ],
)
def test_it_takes_few_statements(world: World, action: str, most: int) -> None:
    made: Any = door.perform(world.alice, "iam:CreateAccessKey", {"UserName": "alice"})["AccessKey"]
    key = Credentials(made["AccessKeyId"], made["SecretAccessKey"].reveal())
    ask(key, action.format("AdministratorAccess"))
    with CaptureQueriesContext(connection) as queries:
        assert ask(key, action.format("ReadOnlyAccess")) == 200
    statements = [query["sql"] for query in queries if not query["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN"))]
    assert len(statements) <= most, statements
