"""AWS's published vectors of Signature Version 4: what AWS's own signers make of these requests, the verifier accepts.

Source: AWS's Signature Version 4 test suite (August 2015), as it is published with aws-c-auth.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from iamconsole.api import sigv4
from iamconsole.api.sigv4 import Refused, WireRequest
from tests.iamconsole.api.signing import SECRET

STAMP = "20150830T123600Z"
NOW = datetime(2015, 8, 30, 12, 36, tzinfo=UTC)
# The suite's own key id is too short to be AWS's; no part of a signature in the header depends on it.
CREDENTIAL = "AKIDEXAMPLEAKIDEXAMP/20150830/us-east-1/service/aws4_request"
LETTERS = "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
TOKEN = "6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267"
FORM = {
    "content-type": "application/x-www-form-urlencoded",
    "content-length": "13",
    "x-amz-content-sha256": "9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e",
}
# The path as sent, the query, further headers, the body, the signature.
VECTORS = {
    "header given three times": (
        "/", "", {"my-header1": "value2,value2,value1"}, b"",
        "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea",
    ),
    "header values in order": (
        "/", "", {"my-header1": "value4,value1,value3,value2"}, b"",
        "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01",
    ),
    "header values trimmed": (
        "/", "", {"my-header1": " value1", "my-header2": ' "a   b   c"'}, b"",
        "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736",
    ),
    "relative path": (
        "/example1/example2/../..", "", {}, b"",
        "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
    ),
    "pointless dot": (
        "/./example", "", {}, b"",
        "ef75d96142cf21edca26f06005da7988e4f8dc83a165a80865db7089db637ec5",
    ),
    "slashes": (
        "//example//", "", {}, b"",
        "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84",
    ),
    "space": (
        "/example space/", "", {}, b"",
        "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741",
    ),
    "path beyond ASCII": (
        "/\u1234", "", {}, b"",
        "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85",
    ),
    "query beyond ASCII": (
        "/", "\u1234=bar", {}, b"",
        "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04",
    ),
    "query in another order": (
        "/", "Param2=value2&Param1=value1", {}, b"",
        "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
    ),
    "query of unreserved letters": (
        "/", f"{LETTERS}={LETTERS}", {}, b"",
        "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197",
    ),
    "session token": (
        "/", "", {"x-amz-security-token": TOKEN}, b"",
        "07ec1639c89043aa0e3e2de82b96708f198cceab042d4a97044c66dd9f74e7f8",
    ),
    "form": (
        "/", "", FORM, b"Param1=value1",
        "d3875051da38690788ef43de4db0d8f280229d82040bfac253562e56c3f20e0b",
    ),
}  # fmt: skip


def request(path: str, query: str, further: Mapping[str, str], body: bytes, signature: str) -> WireRequest:
    headers = {"host": "example.amazonaws.com", "x-amz-date": STAMP, **further}
    signed = f"Credential={CREDENTIAL}, SignedHeaders={';'.join(sorted(headers))}, Signature={signature}"
    authorization = {"authorization": f"AWS4-HMAC-SHA256 {signed}"}
    return WireRequest("POST" if body else "GET", path, query, {**headers, **authorization}, body)


@pytest.mark.parametrize("name", VECTORS)
def test_it_accepts_what_aws_publishes(name: str) -> None:
    wire = request(*VECTORS[name])
    signed = sigv4.read(wire)
    sigv4.verify(wire, signed, sigv4.signing_key(SECRET, signed.scope), NOW)
    for other in (
        replace(signed, region="us-east-2"),
        replace(signed, service="iam"),
        replace(signed, date="20150831"),
    ):
        with pytest.raises(Refused):
            sigv4.verify(wire, other, sigv4.signing_key(SECRET, other.scope), NOW)
