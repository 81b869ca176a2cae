"""Thousands of requests that botocore signed are accepted; each with one byte changed is refused.

`SIGNED_REQUESTS=5000` runs as many as the figure in the documentation speaks of.
"""

from __future__ import annotations

import os
import random
import string
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import quote, urlencode

from iamconsole.api import sigv4
from iamconsole.api.sigv4 import Refused, WireRequest
from tests.iamconsole.api.signing import KEY, SECRET, in_header, in_query

COUNT = int(os.environ.get("SIGNED_REQUESTS", "500"))
LETTERS = string.ascii_letters + string.digits + " é漢+/=&%~-_.*'\"<>"
SIGNED_HEADERS = ("host", "content-type", "x-amz-date", "x-amz-security-token", "authorization")


def text(chance: random.Random, longest: int = 20) -> str:
    return "".join(chance.choice(LETTERS) for _ in range(chance.randint(0, longest)))


def request(chance: random.Random) -> WireRequest:
    """A call such as clients make: a form in the body, or presigned in the query."""
    form = {"Action": "CreateUser", "Version": "2010-05-08", **{f"P{n}": text(chance) for n in range(3)}}
    path = "/" + "/".join(quote(text(chance, 5)) for _ in range(chance.randint(0, 2)))
    token = chance.choice([None, "Fwo+/token=="])
    if chance.random() < 0.5:
        return in_query(f"{path}?{urlencode(form, quote_via=quote)}", token=token)
    query = f"?{urlencode({'q': text(chance)}, quote_via=quote)}" if chance.random() < 0.3 else ""
    return in_header(f"{path}{query}", urlencode(form).encode(), token=token)


def accepted(wire: WireRequest, now: datetime) -> bool:
    try:
        signed = sigv4.read(wire)
        # Another key id is another key, with another secret.
        secret = SECRET if signed.access_key_id == KEY else "another"
        sigv4.verify(wire, signed, sigv4.signing_key(secret, signed.scope), now)
    except Refused:
        return False
    return True


def changed(chance: random.Random, wire: WireRequest) -> WireRequest:
    """One byte of one part replaced by another one that HTTP can carry there."""
    parts = [name for name in ("method", "path", "query", "body") if getattr(wire, name)]
    part = chance.choice([*parts, *(name for name in SIGNED_HEADERS if wire.headers.get(name))])
    if part == "body":
        place = chance.randrange(len(wire.body))
        byte = bytes([chance.choice([each for each in range(256) if each != wire.body[place]])])
        return replace(wire, body=wire.body[:place] + byte + wire.body[place + 1 :])
    if part in parts:
        return replace(wire, **{part: other(chance, getattr(wire, part))})
    return replace(wire, headers={**wire.headers, part: other(chance, wire.headers[part])})


def other(chance: random.Random, value: str) -> str:
    place = chance.randrange(len(value))
    visible = [chr(code) for code in range(33, 127) if chr(code) != value[place]]
    return value[:place] + chance.choice(visible) + value[place + 1 :]


def meaning(wire: WireRequest) -> tuple[object, ...]:
    """What a request says, however it is spelt: `%2f` is `%2F`, `/./` is `/`."""
    path, query = sigv4.canonical_path(wire.path), sigv4.canonical_query(wire.query)
    try:
        return wire.method, path, query, sigv4.read(wire), wire.body, wire.headers.get("host")
    except Refused:
        return ()


def test_it_accepts_signed_requests_and_none_that_says_anything_else() -> None:
    chance, now = random.Random(20261124), datetime.now(UTC)
    refused, false_accepts, tried = [], [], 0
    for _ in range(COUNT):
        wire = request(chance)
        if not accepted(wire, now):
            refused.append(wire)
        mutated = changed(chance, wire)
        while meaning(mutated) == meaning(wire) and mutated.headers == wire.headers:
            mutated = changed(chance, wire)
        tried += 1
        if accepted(mutated, now):
            false_accepts.append((wire, mutated))
    assert (refused, false_accepts, tried) == ([], [], COUNT)
