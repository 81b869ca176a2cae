"""Real boto3 without a network: what it sends goes to Django's test client, and it reads what comes back."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore import UNSIGNED
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.config import Config
from botocore.exceptions import ClientError
from django.test import Client

from accounts.caller import Caller
from iamconsole.operations import door
from iamconsole.operations.secrets import Secret

URL = "http://testserver"


class _Body:
    """A body as urllib3 gives it."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def stream(self) -> Iterator[bytes]:
        yield self.content


@lru_cache(maxsize=1)
def _front() -> Client:
    """Kept: making one reads all static files, which takes longer than most calls."""
    return Client()


def _send(request: AWSPreparedRequest, **_: Any) -> AWSResponse:
    headers = {
        name: value.decode() if isinstance(value, bytes) else str(value) for name, value in request.headers.items()
    }
    body = request.body or b""
    parts = urlsplit(request.url)
    answer = _front().generic(
        request.method,
        f"{parts.path}?{parts.query}" if parts.query else parts.path,
        body,
        content_type=headers.pop("Content-Type", ""),
        headers={**headers, "Host": "testserver"},
    )
    return AWSResponse(request.url, answer.status_code, dict(answer.headers), _Body(answer.content))


def client(key: dict[str, Any] | None, service: str = "iam") -> Any:
    """A boto3 client with a key as AWS's answers show it (or CreateAccessKey's), unsigned without one."""
    made = boto3.client(
        service,
        endpoint_url=URL,
        region_name="us-east-1",
        aws_access_key_id=key["AccessKeyId"] if key else None,
        aws_secret_access_key=_text(key["SecretAccessKey"]) if key else None,
        aws_session_token=key.get("SessionToken") if key else None,
        config=Config(retries={"total_max_attempts": 1}, **({} if key else {"signature_version": UNSIGNED})),
    )
    made.meta.events.register("before-send", _send)
    return made


def _text(secret: object) -> str:
    return secret.reveal() if isinstance(secret, Secret) else str(secret)


def key_of(caller: Caller) -> dict[str, Any]:
    """A new key of a user."""
    made: Any = door.perform(caller, "iam:CreateAccessKey", {"UserName": caller.name})["AccessKey"]
    return dict(made)


def code_of(call: Any, **given: object) -> str:
    """The code of the error that a call must give."""
    try:
        call(**given)
    except ClientError as error:
        code: str = error.response["Error"]["Code"]
        return code
    raise AssertionError("nothing refused it")
