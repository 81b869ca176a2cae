"""AWS calls through Django's test client, signed by botocore: for tests of what the wire and the pages share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from django.http import HttpResponse
from django.test import Client

from accounts.caller import Caller, system_caller
from iamconsole.operations.door import perform

HOST = "testserver"
FORM = "application/x-www-form-urlencoded"


def key_of(caller: Caller) -> Credentials:
    """A new long-term key of a user of the cast."""
    made: Any = perform(system_caller(caller.account_id), "iam:CreateAccessKey", {"UserName": caller.name})["AccessKey"]
    return Credentials(made["AccessKeyId"], made["SecretAccessKey"].reveal())


def call(
    client: Client, key: Credentials, verb: str, *, service: str = "iam", headers: Mapping[str, str] | None = None,
    **given: str,
) -> HttpResponse:  # fmt: skip
    """The answer to one call."""
    version = {"iam": "2010-05-08", "sts": "2011-06-15"}[service]
    body = urlencode({"Action": verb, "Version": version, **given})
    request = AWSRequest("POST", f"http://{HOST}/", data=body, headers={"Content-Type": FORM, "Host": HOST})
    SigV4Auth(key, service, "us-east-1").add_auth(request)
    signed = {name: str(value) for name, value in request.headers.items()}
    answer: Any = client.post("/", body, content_type=FORM, headers={**signed, **(headers or {})})
    return answer  # type: ignore[no-any-return]
