"""The same endpoint without Django around it: what comes straight from the web server."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from django.core.signals import request_started
from django.db import close_old_connections
from django.test import Client

from iamconsole.api import views, wsgi
from iamconsole.api.wsgi import Environ, StartResponse, aws_first
from iamconsole.events.models import Event
from iamconsole.operations import door
from identities.models import User
from tests.world import World

FORM = "application/x-www-form-urlencoded"
WHO = "Action=GetUser&Version=2010-05-08&UserName=bob"


def console(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    start_response("200 OK", [("X-From", "the console")])
    return [environ.get("PATH_INFO", "").encode()]


class Server:
    """A web server in front of the application."""

    def __init__(self) -> None:
        self.status, self.headers = "", {}

    def __call__(self, body: bytes = b"", path: str = "/", **environ: Any) -> str:
        def start_response(status: str, headers: list[tuple[str, str]]) -> None:
            self.status, self.headers = status, dict(headers)

        given = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": path,
            "REMOTE_ADDR": "192.0.2.7",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(body),
            **environ,
        }
        return b"".join(aws_first(console)(given, start_response)).decode()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """As Django's test client does: the test's own transaction is no reason to drop its connection."""
    monkeypatch.setattr(wsgi, "close_old_connections", lambda: None)
    request_started.disconnect(close_old_connections)
    yield Server()
    request_started.connect(close_old_connections)


@pytest.fixture
def key(world: World) -> Credentials:
    made: Any = door.perform(world.alice, "iam:CreateAccessKey", {"UserName": "alice"})["AccessKey"]
    return Credentials(made["AccessKeyId"], made["SecretAccessKey"].reveal())


def signed(key: Credentials, body: str) -> dict[str, str]:
    """The headers of a signed call, as CGI names them."""
    request = AWSRequest("POST", "http://testserver/", data=body.encode(), headers={"Content-Type": FORM})
    SigV4Auth(key, "iam", "us-east-1").add_auth(request)
    headers = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in request.headers.items()}
    return {**headers, "HTTP_HOST": "testserver", "CONTENT_TYPE": headers.pop("HTTP_CONTENT_TYPE")}


def without_id(text: str) -> str:
    return text.partition("<RequestId>")[0]


def test_it_answers_as_the_endpoint_behind_django_does(world: World, key: Credentials, server: Server) -> None:
    headers = signed(key, WHO)
    answer = server(WHO.encode(), **headers)
    through_django: Any = Client().post("/", WHO.encode(), content_type=FORM, **headers)  # type: ignore[arg-type]
    assert (server.status, through_django.status_code) == ("200 OK", 200)
    assert without_id(answer) == without_id(through_django.content.decode())
    assert server.headers["Content-Length"] == str(len(answer.encode()))
    same = ("Content-Type", "Content-Security-Policy", "X-Content-Type-Options", "Cache-Control")
    assert {name: server.headers[name] for name in same} == {name: through_django[name] for name in same}


def test_it_records_where_a_call_came_from(world: World, key: Credentials, server: Server) -> None:
    server(WHO.encode(), **signed(key, WHO), HTTP_USER_AGENT="a client")
    event = Event.objects.get(name="GetUser")
    assert (event.source_ip, event.record["userAgent"]) == ("192.0.2.7", "a client")


def test_it_believes_a_proxy_that_is_trusted(world: World, key: Credentials, server: Server, settings: Any) -> None:
    settings.TRUSTED_PROXIES = ["192.0.2.7"]
    server(WHO.encode(), **signed(key, WHO), HTTP_X_FORWARDED_FOR="198.51.100.9")
    assert Event.objects.get(name="GetUser").source_ip == "198.51.100.9"


def test_it_refuses_a_signature_that_is_none(world: World, key: Credentials, server: Server) -> None:
    answer = server(WHO.replace("bob", "alice").encode(), **signed(key, WHO))
    assert server.status == "403 Forbidden"
    assert "<Code>SignatureDoesNotMatch</Code>" in answer


@pytest.mark.parametrize("path", ["/", "/iam/users/", "/iam/users/\xc3\xa9"])
def test_it_leaves_everything_else_to_the_console(server: Server, path: str) -> None:
    assert server(path=path, REQUEST_METHOD="GET") == path
    assert server.headers == {"X-From": "the console"}


@pytest.mark.parametrize("content_type", [FORM, f"{FORM}; charset=utf-8"])
def test_it_takes_unsigned_forms_at_the_root(db: None, server: Server, content_type: str) -> None:
    answer = server(b"Action=GetUser&Version=2011-06-15", CONTENT_TYPE=content_type)
    assert "<Code>MissingAuthenticationToken</Code>" in answer


def test_it_does_not_read_a_body_that_is_too_large(world: World, key: Credentials, server: Server) -> None:
    class Unread(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise AssertionError("read")

    given = {**signed(key, WHO), "CONTENT_LENGTH": "10000000", "wsgi.input": Unread()}
    assert "<Code>RequestEntityTooLarge</Code>" in server(b"", **given)
    assert server.status.startswith("413 ")


class Chunked(BytesIO):
    """As a web server hands over a body that came in chunks; `broken` where a chunk was none."""

    def __init__(self, body: bytes, *, broken: bool = False) -> None:
        super().__init__(body)
        self.broken, self.asked_for = broken, 0

    def read(self, size: int | None = -1) -> bytes:
        if self.broken:
            raise OSError("no chunk")
        self.asked_for = size or 0
        return super().read(size)


def chunked(key: Credentials, body: Chunked) -> dict[str, Any]:
    given = {**signed(key, WHO), "HTTP_TRANSFER_ENCODING": "chunked", "CONTENT_LENGTH": "", "wsgi.input": body}
    return {**given, "wsgi.input_terminated": True}


def test_it_reads_a_body_that_comes_in_chunks(world: World, key: Credentials, server: Server) -> None:
    assert "<UserName>bob</UserName>" in server(**chunked(key, Chunked(WHO.encode())))


def test_it_stops_reading_chunks_when_they_are_too_many(
    world: World, key: Credentials, server: Server, settings: Any
) -> None:
    body = Chunked(b"A" * 10_000_000)
    assert "<Code>RequestEntityTooLarge</Code>" in server(**chunked(key, body))
    assert body.asked_for == body.tell() == settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1


def test_it_says_that_a_body_broke_off(world: World, key: Credentials, server: Server) -> None:
    assert "<Code>IncompleteBody</Code>" in server(**chunked(key, Chunked(b"", broken=True)))
    assert server.status == "400 Bad Request"


def test_it_reads_no_chunks_from_a_server_that_leaves_them_open(world: World, key: Credentials, server: Server) -> None:
    body = Chunked(WHO.encode())
    assert "<Code>SignatureDoesNotMatch</Code>" in server(**{**chunked(key, body), "wsgi.input_terminated": False})
    assert body.tell() == 0


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "FOO", "HEAD"])
def test_it_is_called_by_get_and_post_alone(world: World, key: Credentials, server: Server, method: str) -> None:
    answer = server(WHO.encode(), **{**signed(key, WHO), "REQUEST_METHOD": method})
    assert (server.status, server.headers["Allow"]) == ("405 Method Not Allowed", "GET, POST")
    assert answer == "" if method == "HEAD" else "<Code>MethodNotAllowed</Code>" in answer
    assert not Event.objects.filter(name="GetUser").exists()


@pytest.mark.parametrize("length", ["", "x", "-1", "\u0664"])
def test_it_takes_an_announcement_that_is_no_number_for_no_body(
    world: World, key: Credentials, server: Server, length: str
) -> None:
    answer = server(WHO.encode(), **{**signed(key, WHO), "CONTENT_LENGTH": length})
    assert "<Code>SignatureDoesNotMatch</Code>" in answer


def test_it_says_no_more_of_its_own_faults_than_aws_does(
    world: World, key: Credentials, server: Server, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*args: object) -> object:
        raise RuntimeError("a secret detail")

    monkeypatch.setattr(views.door, "perform", broken)
    answer = server(WHO.encode(), **signed(key, WHO))
    assert server.status == "500 Internal Server Error"
    assert "<Code>ServiceFailure</Code>" in answer and "secret detail" not in answer
    assert "a secret detail" in caplog.text
    assert not User.objects.filter(name="dana").exists()


def test_it_looks_for_broken_connections_before_each_call(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    monkeypatch.setattr(wsgi, "close_old_connections", lambda: looked.append("before"))
    server(WHO.encode(), CONTENT_TYPE=FORM)
    server(WHO.encode(), CONTENT_TYPE=FORM)
    assert looked == ["before", "before"]
