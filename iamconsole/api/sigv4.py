"""Verify AWS Signature Version 4, in header and query form. Pure: no Django, no clock, no botocore.

A whitelist that ends in refusal: one algorithm, one shape of each part, every header that could change a meaning
signed.
Source: AWS General Reference, "Signature Version 4 signing process"; IAM user guide, reference_sigv.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, unquote

ALGORITHM = "AWS4-HMAC-SHA256"
CLOCK_SKEW = timedelta(minutes=15)
LONGEST_PRESIGNED = 604_800
EMPTY_BODY = hashlib.sha256(b"").hexdigest()

_KEY_ID = re.compile(r"[A-Z0-9]{16,128}", re.ASCII)
_DATE = re.compile(r"[0-9]{8}", re.ASCII)
_SCOPE = re.compile(r"[a-z0-9-]{1,64}", re.ASCII)
_SIGNATURE = re.compile(r"[0-9a-f]{64}", re.ASCII)
_HEADER_NAMES = re.compile(r"[a-z0-9!#$%&'*+.^_`|~-]{1,128}(;[a-z0-9!#$%&'*+.^_`|~-]{1,128}){0,99}", re.ASCII)
_PARTS = ("Credential", "Signature", "SignedHeaders")
_STAMP = re.compile(r"[0-9]{8}T[0-9]{6}Z", re.ASCII)

MISMATCH = (
    "The request signature we calculated does not match the signature you provided. "
    "Check your AWS Secret Access Key and signing method. Consult the service documentation for details."
)


class Refused(Exception):
    """The request is not authenticated; `code`, `status` and text are AWS's."""

    def __init__(self, code: str, message: str, status: int = 403) -> None:
        super().__init__(message)
        self.code, self.message, self.status = code, message, status


@dataclass(frozen=True)
class WireRequest:
    """A request as it came: the path and query still percent-encoded, header names in lower case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Signed:
    """What a request says of its signature, before anything is believed. `expires` (seconds) is of presigned ones."""

    access_key_id: str
    date: str
    region: str
    service: str
    headers: tuple[str, ...]
    signature: str
    time: datetime
    session_token: str = field(default="", repr=False)
    expires: int | None = None

    @property
    def scope(self) -> str:
        return f"{self.date}/{self.region}/{self.service}/aws4_request"


def is_signed(headers: Mapping[str, str], query: str) -> bool:
    """Whether a request claims a SigV4 signature at all; cheap, believes nothing."""
    return headers.get("authorization", "").startswith("AWS4-") or "X-Amz-Algorithm=" in query


def read(request: WireRequest) -> Signed:
    """The parts of the signature. Raises `Refused` (IncompleteSignature, MissingAuthenticationToken …)."""
    authorization = request.headers.get("authorization", "")
    pairs = _pairs(request.query)
    presigned = any(key == "X-Amz-Algorithm" for key, _ in pairs)
    if authorization and presigned:
        raise Refused("InvalidRequest", "Only one authentication mechanism is allowed.", 400)
    if presigned:
        return _from_query(dict(reversed(pairs)), [key for key, _ in pairs])
    if authorization:
        return _from_header(request.headers, authorization)
    raise Refused("MissingAuthenticationToken", "Request is missing Authentication Token")


def verify(request: WireRequest, signed: Signed, key: bytes, now: datetime) -> None:
    """Hold the signature against the signing `key` and the time against `now`. Raises `Refused`."""
    _check_time(signed, now)
    _check_coverage(request, signed)
    expected = hmac.digest(key, _string_to_sign(request, signed), "sha256").hex()
    if not hmac.compare_digest(expected, signed.signature):
        raise Refused("SignatureDoesNotMatch", MISMATCH)


def signing_key(secret: str, scope: str) -> bytes:
    """What a secret access key signs with in a scope: on one day, in one region, for one service."""
    key = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key


# Reading


def _from_header(headers: Mapping[str, str], authorization: str) -> Signed:
    algorithm, _, rest = authorization.partition(" ")
    if algorithm != ALGORITHM:
        raise _incomplete(f"Unsupported AWS 'algorithm': '{algorithm[:64]}'.")
    parts: dict[str, str] = {}
    for piece in rest.split(",") if rest.strip() else ():
        key, equals, value = piece.strip().partition("=")
        if not equals:
            where = "in Authorization header (hashed with SHA-256 and encoded with Base64)"
            raise _incomplete(f"Invalid key=value pair (missing equal-sign) {where}: '{_hashed(authorization)}'.")
        if key in parts or key not in _PARTS:
            raise _incomplete("Authorization header is malformed.")
        parts[key] = value
    stamp = headers.get("x-amz-date", "")
    missing = [f"Authorization header requires '{key}' parameter." for key in _PARTS if not parts.get(key)]
    if not stamp:
        missing.append("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")
    if missing:
        what = f"Authorization={_hashed(authorization)}"
        raise _incomplete(f"{' '.join(missing)} (Hashed with SHA-256 and encoded with Base64) {what}")
    return _signed(parts, stamp, headers.get("x-amz-security-token", ""), None)


def _hashed(authorization: str) -> str:
    """How AWS quotes a header that it does not show."""
    return base64.b64encode(hashlib.sha256(authorization.encode()).digest()).decode()


def _from_query(values: Mapping[str, str], names: list[str]) -> Signed:
    known = ("Algorithm", "Credential", "Date", "Expires", "SignedHeaders", "Signature")
    for name in known:
        if names.count(f"X-Amz-{name}") != 1:
            raise _incomplete(f"Request must contain exactly one 'X-Amz-{name}' query parameter.")
    if values["X-Amz-Algorithm"] != ALGORITHM:
        raise _incomplete("Unsupported 'X-Amz-Algorithm' value.")
    expires = values["X-Amz-Expires"]
    if not re.fullmatch(r"[0-9]{1,6}", expires, re.ASCII) or not 1 <= int(expires) <= LONGEST_PRESIGNED:
        raise _incomplete("'X-Amz-Expires' must be between 1 and 604800.")
    parts = {name: values[f"X-Amz-{name}"] for name in ("Credential", "SignedHeaders", "Signature")}
    return _signed(parts, values["X-Amz-Date"], values.get("X-Amz-Security-Token", ""), int(expires))


def _signed(parts: Mapping[str, str], stamp: str, token: str, expires: int | None) -> Signed:
    key, date, region, service = _credential(parts["Credential"])
    if not _HEADER_NAMES.fullmatch(parts["SignedHeaders"]) or not _SIGNATURE.fullmatch(parts["Signature"]):
        raise _incomplete("'SignedHeaders' or 'Signature' is malformed.")
    names = tuple(parts["SignedHeaders"].split(";"))
    if list(names) != sorted(set(names)):
        raise _incomplete("'SignedHeaders' must be sorted and without repeats.")
    return Signed(key, date, region, service, names, parts["Signature"], _time(stamp, date), token, expires)


def _credential(text: str) -> tuple[str, str, str, str]:
    """Key, date, region and service, each in its one shape."""
    parts = text.split("/")
    if len(parts) != 5:
        example = "keyid/date/region/service/term"
        raise _incomplete(
            f"Credential must have exactly 5 slash-delimited elements, e.g. {example}, got '{text[:256]}'"
        )
    key, date, region, service, terminator = parts
    if terminator != "aws4_request":
        valid = f"with a valid terminator: 'aws4_request', not '{terminator[:64]}'."
        raise Refused("SignatureDoesNotMatch", f"Credential should be scoped {valid}")
    if not _SCOPE.fullmatch(region):
        raise Refused("SignatureDoesNotMatch", f"Credential should be scoped to a valid region, not '{region[:64]}'.")
    if not _SCOPE.fullmatch(service):
        raise wrong_service()
    if not _DATE.fullmatch(date):
        raise _incomplete(f"Date in Credential scope must be YYYYMMDD, got '{date[:64]}'.")
    if not _KEY_ID.fullmatch(key):
        raise unknown_key()
    return key, date, region, service


def wrong_service() -> Refused:
    """A credential scope that names neither service of this endpoint."""
    return Refused("SignatureDoesNotMatch", "Credential should be scoped to correct service: 'iam'.")


def unknown_key() -> Refused:
    """A key that nobody here holds, or nobody can."""
    return Refused("InvalidClientTokenId", "The security token included in the request is invalid.")


def _time(stamp: str, date: str) -> datetime:
    if not _STAMP.fullmatch(stamp):
        see = "See http://en.wikipedia.org/wiki/ISO_8601"
        raise _incomplete(f"Date must be in ISO-8601 'basic format'. Got '{stamp[:64]}'. {see}")
    if stamp[:8] != date:
        scope = "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP"
        raise Refused("SignatureDoesNotMatch", f"{scope}: '{date}' != '{stamp[:8]}'.")
    try:
        parts = (stamp[:4], stamp[4:6], stamp[6:8], stamp[9:11], stamp[11:13], stamp[13:15])
        return datetime(*map(int, parts), tzinfo=UTC)  # type: ignore[arg-type,misc]
    except ValueError:
        raise _incomplete("Date is no calendar date.") from None


def _incomplete(message: str) -> Refused:
    return Refused("IncompleteSignature", message, 400)


# Verifying


def _check_time(signed: Signed, now: datetime) -> None:
    now = now.replace(microsecond=0)
    if signed.time > now + CLOCK_SKEW:
        raise Refused(
            "SignatureDoesNotMatch", _skewed("not yet current", "later", signed.time, now + CLOCK_SKEW, now, "+")
        )
    if signed.expires is not None:
        if now > signed.time + timedelta(seconds=signed.expires):
            raise Refused("RequestExpired", "Request has expired.", 400)
    elif signed.time < now - CLOCK_SKEW:
        raise Refused("SignatureDoesNotMatch", _skewed("expired", "earlier", signed.time, now - CLOCK_SKEW, now, "-"))


def _skewed(what: str, word: str, time: datetime, edge: datetime, now: datetime, sign: str) -> str:
    still = "still" if sign == "+" else "now"
    return f"Signature {what}: {_stamp(time)} is {still} {word} than {_stamp(edge)} ({_stamp(now)} {sign} 15 min.)"


def _check_coverage(request: WireRequest, signed: Signed) -> None:
    """Host and every x-amz-* header must be signed; the body hash, where stated, must be the body's."""
    if "host" not in signed.headers:
        raise Refused("SignatureDoesNotMatch", "'Host' must be a 'SignedHeader' in the AWS Authorization.")
    for name in request.headers:
        if name.startswith("x-amz-") and name not in signed.headers:
            raise Refused("SignatureDoesNotMatch", f"'{name}' must be a 'SignedHeader' in the AWS Authorization.")
    if any(name not in request.headers for name in signed.headers):
        raise Refused("SignatureDoesNotMatch", MISMATCH)
    stated = request.headers.get("x-amz-content-sha256")
    if stated is not None and not hmac.compare_digest(stated.encode(), _body_hash(request).encode()):
        raise Refused("SignatureDoesNotMatch", MISMATCH)


def _string_to_sign(request: WireRequest, signed: Signed) -> bytes:
    canonical = "\n".join(
        (
            request.method,
            canonical_path(request.path),
            canonical_query(request.query),
            "".join(f"{name}:{_folded(request.headers[name])}\n" for name in signed.headers),
            ";".join(signed.headers),
            _body_hash(request),
        )
    )
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    return f"{ALGORITHM}\n{_stamp(signed.time)}\n{signed.scope}\n{digest}".encode()


def _stamp(time: datetime) -> str:
    """The time in ISO 8601's basic format."""
    return time.isoformat()[:19].replace("-", "").replace(":", "") + "Z"


def _body_hash(request: WireRequest) -> str:
    return hashlib.sha256(request.body).hexdigest() if request.body else EMPTY_BODY


def _folded(value: str) -> str:
    value = value.strip(" \t")
    return re.sub("[ \t]+", " ", value) if "  " in value or "\t" in value else value


def canonical_path(path: str) -> str:
    """The path with dot segments resolved and each segment encoded once more, as every service but S3 signs it."""
    if path == "/":
        return path
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            kept = kept[:-1]
        elif segment not in ("", "."):
            kept.append(segment)
    tail = "/" if kept and path.endswith("/") else ""
    return "/" + quote("/".join(kept), safe="/-_.~") + tail


def canonical_query(query: str) -> str:
    """The query's pairs encoded one way and sorted by name, then value; the signature itself is left out."""
    pairs = [(_encoded(k), _encoded(v)) for k, v in _pairs(query) if k != "X-Amz-Signature"]
    return "&".join(f"{key}={value}" for key, value in sorted(pairs))


def _encoded(text: str) -> str:
    # Bytes that are no UTF-8 go back to the bytes they were.
    return quote(text, safe="-_.~", errors="surrogateescape")


def _pairs(query: str) -> list[tuple[str, str]]:
    pairs = []
    for piece in query.split("&"):
        if piece:
            key, _, value = piece.partition("=")
            pairs.append((unquote(key, errors="surrogateescape"), unquote(value, errors="surrogateescape")))
    return pairs
