"""What clients should not send: AWS's error, nothing written, no signature check of megabytes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import pytest
import time_machine
from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from defusedxml.ElementTree import fromstring
from django.test import Client

from iamconsole.events.models import Event
from iamconsole.operations import door
from identities.models import AccessKey, User
from tests.world import World

FORM = "application/x-www-form-urlencoded"
HOST = {"Host": "testserver"}
CREATE = "Action=CreateUser&Version=2010-05-08&UserName=dana"


@pytest.fixture
def key(world: World) -> Credentials:
    made: Any = door.perform(world.alice, "iam:CreateAccessKey", {"UserName": "alice"})["AccessKey"]
    return Credentials(made["AccessKeyId"], made["SecretAccessKey"].reveal())


def send(
    client: Client,
    key: Credentials,
    body: bytes | str,
    content_type: str = FORM,
    query: str = "",
    service: str = "iam",
) -> Any:
    """A signed POST."""
    headers = {"Content-Type": content_type} if content_type else {}
    data = body.encode() if isinstance(body, str) else body
    request = AWSRequest("POST", f"http://testserver/{query}", data=data, headers=headers)
    SigV4Auth(key, service, "us-east-1").add_auth(request)
    signed = {name: value for name, value in request.headers.items() if name != "Content-Type"} | HOST
    return client.generic("POST", f"/{query}", data, content_type=content_type, headers=signed)


def presigned(key: Credentials, query: str, service: str = "sts", expires: int = 60) -> str:
    request = AWSRequest("GET", f"http://testserver/{query}")
    SigV4QueryAuth(key, service, "us-east-1", expires=expires).add_auth(request)
    parts = urlsplit(request.url)
    return f"/?{parts.query}"


def problem(answer: Any) -> tuple[int, str]:
    """Status and code of an error, which must be AWS's XML."""
    assert answer["Content-Type"] == "text/xml"
    root: Element = fromstring(answer.content)
    assert root.tag.endswith("}ErrorResponse")
    return answer.status_code, next(each.text or "" for each in root.iter() if each.tag.endswith("}Code"))


def unchanged() -> bool:
    return not User.objects.filter(name="dana").exists()


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ("Action=NoSuchThing&Version=2010-05-08", 400, "InvalidAction"),
        ("Action=AssumeRole&Version=2010-05-08", 400, "InvalidAction"),
        ("Action=CreateAccount", 400, "InvalidAction"),
        ("Action=ListUsers&Version=2011-01-01", 400, "InvalidAction"),
        ("Version=2010-05-08", 400, "MissingAction"),
        ("&", 400, "MissingAction"),
        ("Action=iam:ListUsers", 400, "ValidationError"),
        (f"{CREATE}&UserName=eve", 400, "MalformedQueryString"),
        (f"{CREATE}&Action=DeleteUser", 400, "MalformedQueryString"),
        (f"{CREATE}&" + "&".join(f"X{n}=1" for n in range(6000)), 400, "MalformedQueryString"),
        (b"Action=CreateUser&UserName=dana\xff", 400, "MalformedQueryString"),
        ("Action=CreateUser&UserName=dana%ff", 400, "MalformedQueryString"),
        ("Action=CreateUser&UserName=dana%00", 400, "MalformedQueryString"),
        ("Action=CreateUser&UserName=dana%01%08", 400, "ValidationError"),
        ("Action=CreateUser&UserName=dana%0a", 400, "ValidationError"),
        ("Action=CreateUser&UserName=d%C3%A1na", 400, "ValidationError"),
        ("Action=CreateUser&UserName=" + "d" * 65, 400, "ValidationError"),
        ("Action=CreateUser", 400, "ValidationError"),
        ("Action=ListUsers&MaxItems=many", 400, "ValidationError"),
        ("Action=ListUsers&MaxItems=" + "9" * 5000, 400, "ValidationError"),
        ("Action=ListUsers&Marker=%3Cx%3E", 400, "ValidationError"),
        (CREATE + "&Tags.member.1.Key=a", 400, "ValidationError"),
        (CREATE + "&Tags.1.Key=a&Tags.1.Value=b", 400, "MalformedInput"),
        (CREATE + "&Tags.member.x.Key=a", 400, "MalformedInput"),
        (CREATE + "&Tags.member.1.Key=%01&Tags.member.1.Value=x", 400, "ValidationError"),
    ],
    ids=lambda value: str(value)[:50],
)
def test_it_answers_bad_forms_in_awss_words(
    client: Client, key: Credentials, body: bytes | str, status: int, code: str
) -> None:
    assert problem(send(client, key, body)) == (status, code)
    assert unchanged()


@pytest.mark.parametrize("content_type", ["application/json", "text/xml", "multipart/form-data; boundary=x", ""])
def test_it_reads_forms_only(client: Client, key: Credentials, content_type: str) -> None:
    assert problem(send(client, key, CREATE, content_type)) == (400, "MissingAction")
    assert unchanged()


@pytest.mark.parametrize("content_type", [f"{FORM}; charset=utf-8", FORM.upper(), f"{FORM};charset=ISO-8859-1"])
def test_it_knows_a_form_however_it_is_written(client: Client, key: Credentials, content_type: str) -> None:
    assert send(client, key, CREATE, content_type).status_code == 200


def test_it_answers_an_unsigned_query_as_aws_does(client: Client, db: None) -> None:
    for query in ("Action=ListUsers&Version=2010-05-08", "Version=2011-06-15&Action=GetCallerIdentity"):
        assert problem(client.get(f"/?{query}")) == (403, "MissingAuthenticationToken")
    assert problem(client.get("/?Action=AssumeRoleWithWebIdentity&Version=2011-06-15")) == (400, "ValidationError")


def test_it_names_the_service_that_a_signature_should_be_for(client: Client, key: Credentials) -> None:
    answer = send(client, key, CREATE, service="s3")
    assert b"Credential should be scoped to correct service: " in answer.content


@pytest.mark.parametrize("audience", ["a%01b", "a%EF%BF%BE", "%0B"])
def test_it_refuses_texts_that_no_answer_could_carry_back(client: Client, key: Credentials, audience: str) -> None:
    """The audiences of a provider have no pattern in the service model."""
    form = f"Action=CreateOpenIDConnectProvider&Url=https://idp.example.org&ClientIDList.member.1={audience}"
    assert problem(send(client, key, form)) == (400, "ValidationError")


def test_it_refuses_ten_megabytes_before_it_looks_at_them(client: Client, key: Credentials) -> None:
    class Unread(BytesIO):
        def read(self, *args: Any) -> bytes:
            raise AssertionError("the body was read")

    signed = {"Authorization": "AWS4-HMAC-SHA256 Credential=x", "X-Amz-Date": "20261124T000000Z"}
    meta = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in signed.items()}
    answer = client.generic("POST", "/", CREATE, FORM, **meta, CONTENT_LENGTH=10_000_000, **{"wsgi.input": Unread()})
    assert problem(answer) == (413, "RequestEntityTooLarge")


def test_it_accepts_a_replay_as_aws_does_and_does_nothing_twice(client: Client, key: Credentials) -> None:
    with time_machine.travel(datetime.now(UTC), tick=False):
        first, again = (send(client, key, CREATE) for _ in range(2))
    assert first.status_code == 200
    assert problem(again) == (409, "EntityAlreadyExists")


def test_it_refuses_a_replay_after_fifteen_minutes(client: Client, key: Credentials) -> None:
    request = AWSRequest("POST", "http://testserver/", data=CREATE.encode(), headers={"Content-Type": FORM})
    SigV4Auth(key, "iam", "us-east-1").add_auth(request)
    signed = {name: value for name, value in request.headers.items() if name != "Content-Type"} | HOST
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=16)):
        answer = client.generic("POST", "/", CREATE.encode(), content_type=FORM, headers=signed)
    assert problem(answer) == (403, "SignatureDoesNotMatch")
    assert unchanged()


def test_it_answers_presigned_requests_until_they_expire(client: Client, key: Credentials) -> None:
    address = presigned(key, "?Action=GetCallerIdentity&Version=2011-06-15")
    assert b":user/alice</Arn>" in client.get(address, headers=HOST).content
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=62)):
        assert problem(client.get(address, headers=HOST)) == (400, "RequestExpired")


def test_it_refuses_a_presigned_request_sent_another_way(client: Client, key: Credentials) -> None:
    address = presigned(key, "?Action=GetCallerIdentity&Version=2011-06-15")
    assert problem(client.post(address, headers=HOST)) == (403, "SignatureDoesNotMatch")
    assert problem(client.get(address + "&UserName=x", headers=HOST)) == (403, "SignatureDoesNotMatch")
    assert problem(client.get(address.replace("/?", "/other?"), headers=HOST)) == (403, "SignatureDoesNotMatch")


def test_it_refuses_a_signature_for_another_service(client: Client, key: Credentials) -> None:
    assert problem(send(client, key, CREATE, service="s3")) == (403, "SignatureDoesNotMatch")


@pytest.mark.parametrize("body", ["Action=ListUsers", "Action=GetCallerIdentity", "Action=AssumeRole"])
def test_it_asks_for_a_signature(client: Client, world: World, body: str) -> None:
    assert problem(client.generic("POST", "/", body, content_type=FORM)) == (403, "MissingAuthenticationToken")


def test_it_writes_nothing_for_whoever_is_not_known(client: Client, key: Credentials) -> None:
    before = Event.objects.count()
    stranger = Credentials("AKIA" + "Z" * 16, "x" * 40)
    liar = Credentials(key.access_key, "x" * 40)
    assert problem(send(client, stranger, CREATE)) == (403, "InvalidClientTokenId")
    assert problem(send(client, liar, CREATE)) == (403, "SignatureDoesNotMatch")
    assert unchanged() and Event.objects.count() == before
    assert AccessKey.objects.get(pk=key.access_key).last_used_at is None


@pytest.mark.parametrize("token", ["x", "ktest:AAAA", "=" * 5000])
def test_it_refuses_a_made_up_session_token(client: Client, key: Credentials, token: str) -> None:
    forged = Credentials(key.access_key, key.secret_key, token)
    assert problem(send(client, forged, CREATE)) == (403, "InvalidClientTokenId")
    assert unchanged()


def test_it_brings_markup_back_as_it_was(client: Client, key: Credentials) -> None:
    value = "]]> & <b> + = :/@"
    form = f"{CREATE}&Tags.member.1.Key=a&Tags.member.1.Value="
    allowed = value.replace("]]> & <b>", "a")
    assert problem(send(client, key, form + "%5D%5D%3E")) == (400, "ValidationError")
    assert send(client, key, form + "a%20%2B%20%3D%20%3A%2F%40").status_code == 200
    answer = fromstring(send(client, key, "Action=ListUserTags&UserName=dana").content)
    assert [each.text for each in answer.iter() if each.tag.endswith("}Value")] == [allowed]
