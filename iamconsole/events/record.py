"""Write the event history: one event a call, in CloudTrail's shape, in the transaction of what the call did.

Source: the CloudTrail user guide, "CloudTrail record contents" and "userIdentity element".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

from accounts.caller import Caller, CallerKind
from iamconsole.events.chain import append
from iamconsole.events.models import Event
from iamconsole.operations.errors import ApiError
from iamconsole.operations.registry import Target
from iamconsole.operations.secrets import MASK, Secret
from iamconsole.prepared import new
from iamconsole.times import to_the_second

IDENTITY_TYPES = {
    CallerKind.ROOT: "Root",
    CallerKind.USER: "IAMUser",
    CallerKind.ROLE_SESSION: "AssumedRole",
    CallerKind.FEDERATED: "FederatedUser",
    CallerKind.WEB_IDENTITY: "WebIdentityUser",
    CallerKind.SAML_IDENTITY: "SAMLUser",
    CallerKind.ANONYMOUS: "AWSAccount",
    CallerKind.SYSTEM: "AWSService",
}
_held_reads: ContextVar[list[Event] | None] = ContextVar("held_reads", default=None)


@contextmanager
def reads_together() -> Iterator[None]:
    """Hold the events of successful reads and write them in one go at the end: a page reads many things at once."""
    token = _held_reads.set([])
    try:
        yield
    finally:
        held = _held_reads.get()
        _held_reads.reset(token)
        if held:
            append(held)


@dataclass
class Note:
    """An event in the making: filled as the call goes through the door, written once."""

    id: UUID
    caller: Caller
    name: str
    now: datetime
    read_only: bool
    inputs: Mapping[str, object]
    target: Target | None = None
    decision: dict[str, object] | None = None

    def succeeded(self, result: Mapping[str, object]) -> None:
        """The call did what was asked."""
        event = self._event(None, None if self.read_only else result)
        held = _held_reads.get()
        owner = self.target.account_id if self.target else ""
        shared = [self._for_the_owner(event, owner)] if owner and owner != self.caller.account_id else []
        if self.read_only and held is not None:
            held += [*shared, event]
        else:
            append([*shared, event])

    def _for_the_owner(self, event: Event, owner: str) -> Event:
        """The same call in the history of the other account: who came, not as whom, tied together by one id."""
        event.record["sharedEventID"] = str(uuid4())
        stranger = self._event(None, None)
        stranger.event_id, stranger.account_id, stranger.decision = uuid4(), owner, None
        stranger.principal_type, stranger.user_name, stranger.access_key_id = "AWSAccount", "", ""
        stranger.record = event.record | {
            "eventID": str(stranger.event_id),
            "recipientAccountId": owner,
            "userIdentity": {
                "type": "AWSAccount",
                "principalId": self.caller.principal_id,
                "accountId": self.caller.account_id,
            },
        }
        return stranger

    def failed(self, error: ApiError) -> None:
        """The call was refused or failed; nothing of it stands."""
        append([self._event(error, None)])

    def _event(self, error: ApiError | None, result: Mapping[str, object] | None) -> Event:
        service, _, verb = self.name.partition(":")
        return event_of(
            self.caller,
            verb,
            f"{service}.amazonaws.com",
            self.now,
            event_id=self.id,
            read_only=self.read_only,
            target=self.target,
            decision=self.decision,
            error=(error.code, error.message) if error else ("", ""),
            facts={"requestParameters": _plain(self.inputs) or None, "responseElements": _plain(result) or None},
        )


def sign_in_event(
    caller: Caller, name: str, now: datetime, *, facts: Mapping[str, object], error: tuple[str, str] = ("", "")
) -> None:
    """Record what happened at the door of the house (ConsoleLogin, CheckMfa, PasswordUpdated …)."""
    kind = {"eventType": "AwsConsoleSignIn", "requestParameters": None, **facts}
    event = event_of(caller, name, "signin.amazonaws.com", now, facts=kind, error=error)
    if caller.session is None:
        # Who is at the door has no session yet.
        event.record["userIdentity"].pop("sessionContext", None)
    append([event])


def event_of(
    caller: Caller,
    verb: str,
    source: str,
    now: datetime,
    *,
    event_id: UUID | None = None,
    read_only: bool = False,
    target: Target | None = None,
    decision: dict[str, object] | None = None,
    error: tuple[str, str] = ("", ""),
    facts: Mapping[str, object] | None = None,
) -> Event:
    """An unsaved event with its CloudTrail record."""
    event_id = event_id or uuid4()
    record: dict[str, object] = {
        "eventVersion": "1.11",
        "userIdentity": _identity(caller),
        "eventTime": to_the_second(now),
        "eventSource": source,
        "eventName": verb,
        "awsRegion": "us-east-1",
        "sourceIPAddress": caller.origin.source_ip,
        "userAgent": caller.origin.user_agent,
        **({"errorCode": error[0], "errorMessage": error[1]} if error[0] else {}),
        "requestID": str(event_id),
        "eventID": str(event_id),
        "readOnly": read_only,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": caller.account_id,
        "eventCategory": "Management",
        **(facts or {}),
    }
    return new(
        Event,
        event_id=event_id,
        account_id=caller.account_id,
        at=now,
        name=verb,
        source=source,
        read_only=read_only,
        principal_arn=caller.arn,
        principal_type=IDENTITY_TYPES[caller.kind],
        user_name="root" if caller.is_root else caller.name,
        access_key_id=caller.access_key_id,
        source_ip=caller.origin.source_ip,
        resource_name=(target.name or target.arn) if target and target.arn != "*" else "",
        resource_type=target.type if target else "",
        error_code=error[0],
        error_message=error[1],
        record=record,
        decision=decision,
    )


def _identity(caller: Caller) -> dict[str, object]:
    identity: dict[str, object] = {
        "type": IDENTITY_TYPES[caller.kind],
        "principalId": caller.principal_id,
        "arn": caller.arn,
        "accountId": caller.account_id,
    }
    if caller.access_key_id:
        identity["accessKeyId"] = caller.access_key_id
    if caller.kind is CallerKind.SYSTEM:
        identity["invokedBy"] = "iamconsole"
    elif caller.name and caller.kind is not CallerKind.ROLE_SESSION:
        identity["userName"] = caller.name
    if context := _session_context(caller):
        identity["sessionContext"] = context
    return identity


def _session_context(caller: Caller) -> dict[str, object]:
    """Of a session: by which role it was opened and when, and whether with MFA. Long-term keys have none."""
    context: dict[str, object] = {}
    attributes = {} if caller.mfa is None else {"mfaAuthenticated": "true" if caller.mfa else "false"}
    if session := caller.session:
        attributes["creationDate"] = to_the_second(datetime.fromtimestamp(session.issued_at, UTC))
        if caller.kind is CallerKind.ROLE_SESSION:
            context["sessionIssuer"] = {
                "type": "Role",
                "principalId": caller.principal_id.partition(":")[0],
                "arn": session.role_arn,
                "accountId": caller.account_id,
                "userName": caller.name,
            }
        if session.source_identity:
            context["sourceIdentity"] = session.source_identity
    return {**context, "attributes": attributes} if attributes else context


def _plain(value: object) -> object:
    """A value as CloudTrail writes it: lower camel case, times as text, secrets masked."""
    match value:
        case Secret():
            return MASK
        case bytes():
            return MASK
        case datetime():
            return value.strftime("%b %d, %Y %I:%M:%S %p")
        case Mapping():
            return {str(key)[:1].lower() + str(key)[1:]: _plain(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_plain(inner) for inner in value]
        case UUID():
            return str(value)
        case _:
            return value
