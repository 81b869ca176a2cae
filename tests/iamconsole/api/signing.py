"""Requests signed by botocore, the oracle of the verifier."""

from __future__ import annotations

from urllib.parse import urlsplit

from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from iamconsole.api.sigv4 import WireRequest

KEY, SECRET = "AKIA" + "A" * 16, "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
HOST = "127.0.0.1:8000"


def in_header(path_and_query: str, body: bytes, *, token: str | None = None, service: str = "iam") -> WireRequest:
    """A POST signed in its Authorization header."""
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    request = AWSRequest("POST", f"http://{HOST}{path_and_query}", data=body, headers=form)
    SigV4Auth(Credentials(KEY, SECRET, token), service, "us-east-1").add_auth(request)
    return as_wire(request)


def in_query(path_and_query: str, *, expires: int = 60, token: str | None = None, service: str = "sts") -> WireRequest:
    """A presigned GET."""
    request = AWSRequest("GET", f"http://{HOST}{path_and_query}")
    SigV4QueryAuth(Credentials(KEY, SECRET, token), service, "us-east-1", expires=expires).add_auth(request)
    return as_wire(request)


def as_wire(request: AWSRequest) -> WireRequest:
    prepared = request.prepare()
    url = urlsplit(prepared.url)
    headers = {key.lower(): text(value) for key, value in prepared.headers.items()} | {"host": HOST}
    body = prepared.body or b""
    return WireRequest(
        prepared.method, url.path, url.query, headers, body if isinstance(body, bytes) else body.encode()
    )


def text(value: bytes | str) -> str:
    return value.decode() if isinstance(value, bytes) else value
