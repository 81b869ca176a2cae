"""The AWS endpoint: authenticate, parse, perform, answer in XML. No cookies, no sessions, no CORS."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from uuid import uuid4

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils import timezone

from accounts.caller import Origin, anonymous_caller
from iamconsole.api import protocol, sigv4
from iamconsole.api.authentication import authenticate
from iamconsole.api.forms import is_form, parameters, parse
from iamconsole.api.sigv4 import Refused, WireRequest
from iamconsole.operations import door
from iamconsole.operations.errors import ApiError, InvalidAction, ValidationError
from iamconsole.operations.inputs import operation_model
from iamconsole.statements import one_connection
from policies.gather import one_look

VERSIONS = {"iam": "2010-05-08", "sts": "2011-06-15"}
METHODS = ("GET", "POST")
# For whoever opens an answer in a browser; no middleware of the console has a part in it.
HEADERS = {
    "Content-Type": "text/xml",
    "Content-Security-Policy": "default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


class WireError(ApiError):
    """An error of the wire itself: the signature, the form."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code, self.status = code, status


@dataclass(frozen=True)
class Came:
    """A request as a server hands it over: CGI's variables, and the body when it is asked for."""

    meta: Mapping[str, Any]
    path: str
    secure: bool
    body: Callable[[], bytes]

    @property
    def method(self) -> str:
        return str(self.meta.get("REQUEST_METHOD") or "")


@dataclass(frozen=True)
class Reply:
    """What goes back."""

    status: int
    text: str
    headers: Mapping[str, str]


def endpoint(request: HttpRequest) -> HttpResponse:
    """Answer one call of an AWS client that came through Django."""
    replied = reply(came(request))
    return HttpResponse(replied.text, status=replied.status, headers=dict(replied.headers))


def came(request: HttpRequest) -> Came:
    """A request of Django's."""
    return Came(request.META, request.path, request.is_secure(), lambda: _body_of(request))


def _body_of(request: HttpRequest) -> bytes:
    try:
        return request.body
    except RequestDataTooBig:
        raise too_large() from None
    except UnreadablePostError as error:
        raise incomplete() from error


def too_large() -> WireError:
    """A body that nobody reads."""
    return WireError("RequestEntityTooLarge", "Request body is too large.", 413)


def incomplete() -> WireError:
    """A body whose rest did not come, or whose chunks are none."""
    return WireError("IncompleteBody", "The request body terminated unexpectedly.")


def reply(request: Came) -> Reply:
    """Answer one call of an AWS client."""
    if request.method not in METHODS:
        return _not_allowed()
    with one_look(), one_connection():
        return _reply(request)


def _reply(request: Came) -> Reply:
    request_id, service = str(uuid4()), "iam"
    try:
        wire = wire_request(request)
        if sigv4.is_signed(wire.headers, wire.query):
            caller, signed = authenticate(wire, origin_of(request), timezone.now())
            service = signed.service
        else:
            caller = anonymous_caller(origin_of(request))
        form = parameters(wire)
        if not caller.signed_in:
            service = "iam" if form.get("Version") == VERSIONS["iam"] else "sts"
        name = called(service, form)
        if not caller.signed_in and not unsigned(name):
            raise Refused("MissingAuthenticationToken", "Request is missing Authentication Token")
        result = door.perform(caller, name, parse(name, form))
        return _xml(protocol.answer(name, result, request_id), 200, request_id)
    except Refused as refused:
        problem: ApiError = WireError(refused.code, refused.message, refused.status)
    except ApiError as error:
        problem = error
    return failure(service, problem, request_id)


def _not_allowed() -> Reply:
    """No caller is looked up for what no operation is called by."""
    problem = WireError("MethodNotAllowed", "The specified method is not allowed against this resource.", 405)
    answer = failure("iam", problem, str(uuid4()))
    return replace(answer, headers={**answer.headers, "Allow": ", ".join(METHODS)})


def failure(service: str, problem: ApiError, request_id: str) -> Reply:
    """An error in AWS's shape."""
    return _xml(protocol.error(service, problem, request_id), problem.status, request_id)


def is_for_the_endpoint(meta: Mapping[str, Any], path: str) -> bool:
    """Whether a request speaks AWS's protocol: signed, or at `/` an unsigned form or a query with an Action."""
    query = meta.get("QUERY_STRING", "")
    if meta.get("HTTP_AUTHORIZATION", "").startswith("AWS4-") or "X-Amz-Algorithm=" in query:
        return True
    if path != "/":
        return False
    if meta.get("REQUEST_METHOD") == "POST" and is_form(meta.get("CONTENT_TYPE", "")):
        return True
    return query.startswith("Action=") or "&Action=" in query


def wire_request(request: Came) -> WireRequest:
    """The request as the client signed it: path and query not yet decoded."""
    body, meta = request.body(), request.meta
    target = str(meta.get("RAW_URI") or meta.get("REQUEST_URI") or "")
    path = target.partition("?")[0] if target.startswith("/") else request.path
    return WireRequest(request.method, path, meta.get("QUERY_STRING", ""), _headers(meta), body)


def _headers(meta: Mapping[str, Any]) -> dict[str, str]:
    """What `request.headers` holds, with names in lower case."""
    return {name: value for key, value in meta.items() if (name := _header_name(key))}


@lru_cache(maxsize=512)
def _header_name(key: str) -> str:
    """A header's name as it came, out of its name in META; empty for what is no header."""
    if key.startswith("HTTP_"):
        key = key[5:]
    elif key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        return ""
    return key.replace("_", "-").lower()


def called(service: str, form: Mapping[str, str]) -> str:
    """The operation a form asks for."""
    action, version = form.get("Action", ""), form.get("Version", "")
    if not action:
        raise WireError("MissingAction", "The request must contain the parameter Action.")
    if version and version != VERSIONS[service]:
        raise InvalidAction(f"Could not find operation {action} for version {version}")
    if not action.isalnum():
        raise ValidationError("Action must be alphanumeric.")
    return f"{service}:{action}"


def unsigned(name: str) -> bool:
    """Whether AWS takes the operation without a signature: a token among its inputs stands for the caller."""
    model = operation_model(name)
    return model is not None and model.auth_type == "none"


def origin_of(request: Came) -> Origin:
    """Where a call came from."""
    return Origin(
        source_ip=request.meta.get("REMOTE_ADDR", "") or "127.0.0.1",
        user_agent=request.meta.get("HTTP_USER_AGENT", "").replace("\x00", "")[:512],
        secure_transport=request.secure,
        via="api",
    )


def _xml(text: str, status: int, request_id: str) -> Reply:
    return Reply(status, text, {**HEADERS, "x-amzn-RequestId": request_id})
