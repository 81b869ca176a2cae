"""The verifier accepts what botocore signs, and nothing that differs from it by a byte."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iamconsole.api import sigv4
from iamconsole.api.sigv4 import Refused, WireRequest
from tests.iamconsole.api.signing import KEY, SECRET, in_header, in_query

words = st.text(st.characters(codec="utf-8"), max_size=12)
queries = st.lists(st.tuples(words, words), max_size=4).map(
    lambda pairs: "&".join(f"{quote(key, safe='')}={quote(value, safe='')}" for key, value in pairs)
)
paths = st.lists(st.sampled_from(["", "a", "a b", "é", "..", ".", "~-_."]), max_size=4).map(
    lambda parts: "/" + "/".join(quote(part) for part in parts)
)
tokens = st.sampled_from([None, "Fwo+/token=="])


def check(request: WireRequest, now: datetime | None = None, secret: str = SECRET) -> None:
    signed = sigv4.read(request)
    # Another key id is another key, with another secret.
    key = sigv4.signing_key(secret if signed.access_key_id == KEY else "another", signed.scope)
    sigv4.verify(request, signed, key, now or datetime.now(UTC))


def refusal(request: WireRequest, now: datetime | None = None) -> Refused:
    with pytest.raises(Refused) as caught:
        check(request, now)
    return caught.value


@settings(max_examples=300)
@given(paths, queries, st.binary(max_size=80), tokens)
def test_it_accepts_what_botocore_signs_in_the_header(path: str, query: str, body: bytes, token: str | None) -> None:
    check(in_header(f"{path}?{query}" if query else path, body, token=token))


@settings(max_examples=300)
@given(paths, queries, tokens)
def test_it_accepts_what_botocore_presigns(path: str, query: str, token: str | None) -> None:
    check(in_query(f"{path}?{query}" if query else path, token=token))


def mutations(request: WireRequest) -> Iterator[WireRequest]:
    """The same request with one byte changed, at every place that carries meaning."""
    yield replace(request, method=request.method + "X")
    yield replace(request, path=request.path + "x")
    for place in range(len(request.body)):
        yield replace(request, body=request.body[:place] + b"~" + request.body[place + 1 :])
    for place in range(len(request.query)):
        yield replace(request, query=request.query[:place] + "z" + request.query[place + 1 :])
    for name in ("authorization", "x-amz-date", "host", "content-type", "x-amz-security-token"):
        value = request.headers.get(name, "")
        for place in range(len(value)):
            changed = value[:place] + chr(ord(value[place]) ^ 1) + value[place + 1 :]
            yield replace(request, headers={**request.headers, name: changed})


@pytest.mark.parametrize(
    "signed",
    [
        in_header("/?b=2&a=1", b"Action=ListUsers&Version=2010-05-08", token="abc"),
        in_query("/?Action=GetCallerIdentity"),
    ],
    ids=["header", "query"],
)
def test_it_refuses_every_changed_byte(signed: WireRequest) -> None:
    accepted = []
    for mutated in mutations(signed):
        with suppress(Refused):
            check(mutated)
            accepted.append(mutated)
    assert [each for each in accepted if each != signed] == []


def test_it_refuses_another_secret() -> None:
    with pytest.raises(Refused, match="does not match the signature"):
        check(in_header("/", b"x"), secret="other")


@pytest.mark.parametrize(("seconds", "accepted"), [(899, True), (900, True), (901, False), (-900, True), (-901, False)])
def test_it_allows_fifteen_minutes_of_clock_to_the_second(seconds: int, accepted: bool) -> None:
    request = in_header("/", b"")
    now = sigv4.read(request).time + timedelta(seconds=seconds)
    if accepted:
        check(request, now)
    else:
        assert refusal(request, now).code == "SignatureDoesNotMatch"


def test_it_refuses_a_presigned_request_after_its_time() -> None:
    request = in_query("/", expires=60)
    made = sigv4.read(request).time
    check(request, made + timedelta(seconds=60))
    assert refusal(request, made + timedelta(seconds=61)).code == "RequestExpired"


def test_it_refuses_an_unsigned_amz_header() -> None:
    request = in_header("/", b"")
    assert "x-amz-meta" in refusal(replace(request, headers={**request.headers, "x-amz-meta": "1"})).message


@pytest.mark.parametrize("stated", ["UNSIGNED-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "0" * 64])
def test_it_refuses_a_body_hash_that_is_not_the_bodys(stated: str) -> None:
    request = in_header("/", b"x")
    assert refusal(replace(request, headers={**request.headers, "x-amz-content-sha256": stated})).status == 403


def test_it_refuses_header_and_query_together() -> None:
    presigned = in_query("/")
    both = replace(
        presigned, headers={**presigned.headers, "authorization": in_header("/", b"").headers["authorization"]}
    )
    assert refusal(both).message == "Only one authentication mechanism is allowed."


@pytest.mark.parametrize(
    "header",
    [
        "AWS4-HMAC-SHA1 Credential=x",
        "AWS4-HMAC-SHA256",
        "AWS4-HMAC-SHA256 Credential=" + KEY,
        f"AWS4-HMAC-SHA256 Credential={KEY}/20260101/us-east-1/iam/aws4_request, SignedHeaders=host",
        f"AWS4-HMAC-SHA256 Credential={KEY}/20260101/us-east-1/iam/aws4_request, SignedHeaders=Host, Signature=0",
        f"AWS4-HMAC-SHA256 Credential={KEY}/2026/us-east-1/iam/aws4_request, SignedHeaders=host, Signature={'0' * 64}",
    ],
)
def test_it_calls_half_a_header_an_incomplete_signature(header: str) -> None:
    assert refusal(WireRequest("POST", "/", "", {"authorization": header}, b"")).code == "IncompleteSignature"


def with_credential(credential: str) -> WireRequest:
    request = in_header("/", b"")
    [given] = [part for part in request.headers["authorization"].split(" ") if part.startswith("Credential=")]
    authorization = request.headers["authorization"].replace(given, f"Credential={credential},")
    return replace(request, headers={**request.headers, "authorization": authorization})


@pytest.mark.parametrize(
    ("credential", "code", "message"),
    [
        (f"{KEY}/20260101/us-east-1/iam", "IncompleteSignature", "exactly 5 slash-delimited elements"),
        (f"{KEY}/20260101/us-east-1/iam/aws5_request", "SignatureDoesNotMatch", "valid terminator: 'aws4_request'"),
        (f"{KEY}/20260101/US East/iam/aws4_request", "SignatureDoesNotMatch", "valid region, not 'US East'"),
        (f"{KEY}/20260101//iam/aws4_request", "SignatureDoesNotMatch", "valid region, not ''"),
        (f"{KEY}/20260101/us-east-1/IAM/aws4_request", "SignatureDoesNotMatch", "correct service: 'iam'"),
        (f"{KEY}/2026/us-east-1/iam/aws4_request", "IncompleteSignature", "YYYYMMDD"),
        (
            "test/20260101/us-east-1/iam/aws4_request",
            "InvalidClientTokenId",
            "token included in the request is invalid.",
        ),
        ("AKIA\x00/20260101/us-east-1/iam/aws4_request", "InvalidClientTokenId", "is invalid."),
    ],
)
def test_it_says_what_is_wrong_with_a_credential(credential: str, code: str, message: str) -> None:
    refused = refusal(with_credential(credential))
    assert refused.code == code
    assert message in refused.message


def test_it_says_all_that_a_header_lacks() -> None:
    refused = refusal(WireRequest("POST", "/", "", {"authorization": "AWS4-HMAC-SHA256 "}, b""))
    assert refused.message.startswith(
        "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. "
        "Authorization header requires 'SignedHeaders' parameter. Authorization header requires existence of either a "
        "'X-Amz-Date' or a 'Date' header. (Hashed with SHA-256 and encoded with Base64) Authorization="
    )


def test_it_repeats_no_header_that_it_cannot_read() -> None:
    refused = refusal(WireRequest("POST", "/", "", {"authorization": "AWS4-HMAC-SHA256 secret"}, b""))
    assert "missing equal-sign" in refused.message
    assert "secret" not in refused.message


def test_it_asks_for_a_signature_where_there_is_none() -> None:
    assert refusal(WireRequest("POST", "/", "", {}, b"")).code == "MissingAuthenticationToken"


def test_it_knows_neither_django_nor_botocore() -> None:
    source = sigv4.__loader__.get_source(sigv4.__name__)  # type: ignore[union-attr]
    assert "import django" not in source and "from django" not in source and "import botocore" not in source
