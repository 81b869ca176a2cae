"""Canonical forms where implementations differ: what is signed is one spelling of each request."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from iamconsole.api import sigv4
from iamconsole.api.sigv4 import Refused, WireRequest
from tests.iamconsole.api.signing import HOST, KEY, SECRET, as_wire, in_header, in_query


def check(wire: WireRequest) -> None:
    signed = sigv4.read(wire)
    sigv4.verify(wire, signed, sigv4.signing_key(SECRET, signed.scope), datetime.now(UTC))


def code(wire: WireRequest) -> str:
    with pytest.raises(Refused) as caught:
        check(wire)
    return caught.value.code


@pytest.mark.parametrize(
    ("query", "canonical"),
    [
        ("a=b+c", "a=b%2Bc"),
        ("a=b%20c", "a=b%20c"),
        ("a=b%2Bc", "a=b%2Bc"),
        ("a=%7E", "a=~"),
        ("a=%2f", "a=%2F"),
        ("a=%2520", "a=%2520"),
        ("a", "a="),
        ("a=", "a="),
        ("a=1=2", "a=1%3D2"),
        ("b=2&a=1", "a=1&b=2"),
        ("a=2&a=10&a=1", "a=1&a=10&a=2"),
        ("a-=1&a=2", "a=2&a-=1"),
        ("A=1&a=2&%41=3", "A=1&A=3&a=2"),
        ("&&a=1&", "a=1"),
        ("é=ü", "%C3%A9=%C3%BC"),
        ("a=%C3%A9", "a=%C3%A9"),
        ("a=%ff%FE", "a=%FF%FE"),
        ("a=%", "a=%25"),
        ("a=1&X-Amz-Signature=x", "a=1"),
    ],
)
def test_it_has_one_spelling_of_a_query(query: str, canonical: str) -> None:
    assert sigv4.canonical_query(query) == canonical


@pytest.mark.parametrize(
    ("path", "canonical"),
    [
        ("", "/"),
        ("/", "/"),
        ("//", "/"),
        ("/a//b", "/a/b"),
        ("/a/./b/", "/a/b/"),
        ("/a/../b", "/b"),
        ("/../..", "/"),
        ("/a%20b", "/a%2520b"),
        ("/~-_.", "/~-_."),
        ("/a+b", "/a%2Bb"),
    ],
)
def test_it_has_one_spelling_of_a_path(path: str, canonical: str) -> None:
    assert sigv4.canonical_path(path) == canonical


@pytest.mark.parametrize("value", ["  a   b  ", "a\tb", '"a  b"', "é", "", "a,b , c"])
def test_it_folds_header_values_as_botocore_does(value: str) -> None:
    request = AWSRequest("POST", f"http://{HOST}/", data=b"x", headers={"X-Lab": value})
    SigV4Auth(Credentials(KEY, SECRET), "iam", "us-east-1").add_auth(request)
    check(as_wire(request))


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8001", "127.0.0.1:8000.", "LOCALHOST:8000"])
def test_it_takes_the_port_for_part_of_the_host(host: str) -> None:
    wire = in_header("/", b"x")
    check(wire)
    assert code(replace(wire, headers={**wire.headers, "host": host})) == "SignatureDoesNotMatch"


def test_it_needs_no_content_type() -> None:
    request = AWSRequest("GET", f"http://{HOST}/?Action=ListUsers")
    SigV4Auth(Credentials(KEY, SECRET), "iam", "us-east-1").add_auth(request)
    check(as_wire(request))


def test_it_reads_a_query_that_is_no_utf8_as_the_bytes_it_is() -> None:
    check(in_header("/?a=%FF", b""))
    assert code(replace(in_header("/?a=%FF", b""), query="a=%FE")) == "SignatureDoesNotMatch"


def test_it_stops_at_a_hundred_signed_headers() -> None:
    names = ";".join(f"a{number:03}" for number in range(100))
    wire = in_header("/", b"")
    many = wire.headers["authorization"].replace("SignedHeaders=", f"SignedHeaders={names};")
    assert code(replace(wire, headers={**wire.headers, "authorization": many})) == "IncompleteSignature"


def test_it_refuses_signed_headers_out_of_order() -> None:
    wire = in_header("/", b"")
    turned = wire.headers["authorization"].replace("content-type;host", "host;content-type")
    assert code(replace(wire, headers={**wire.headers, "authorization": turned})) == "IncompleteSignature"


@pytest.mark.parametrize("name", ["Algorithm", "Credential", "Date", "Expires", "SignedHeaders", "Signature"])
def test_it_refuses_a_presigned_parameter_given_twice(name: str) -> None:
    wire = in_query("/")
    assert code(replace(wire, query=f"{wire.query}&X-Amz-{name}=x")) == "IncompleteSignature"


def test_it_takes_the_first_token_when_two_are_presigned_and_refuses_the_signature() -> None:
    wire = in_query("/", token="abc")
    assert code(replace(wire, query=f"{wire.query}&X-Amz-Security-Token=other")) == "SignatureDoesNotMatch"


@pytest.mark.parametrize("expires", ["0", "-1", "604801", "1.5", "", "1e3", "٣"])
def test_it_takes_a_week_at_most_for_presigned_requests(expires: str) -> None:
    wire = in_query("/", expires=60)
    assert code(replace(wire, query=wire.query.replace("Expires=60", f"Expires={expires}"))) == "IncompleteSignature"


@pytest.mark.parametrize(
    "stamp", ["20261332T000000Z", "2026-11-24T00:00:00Z", "", "٢٠261124T000000Z", "20261124T000000"]
)
def test_it_refuses_dates_that_are_none(stamp: str) -> None:
    wire = in_header("/", b"")
    assert code(replace(wire, headers={**wire.headers, "x-amz-date": stamp})) in (
        "IncompleteSignature",
        "SignatureDoesNotMatch",
    )
