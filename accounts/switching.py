"""Switching to a role in the console, and back.

It is AssumeRole by whoever signed in, with the same policies on both sides: also out of another role it is the user who
asks. The role's session lasts as long as the role allows, and never longer than the user's own.
Source: IAM user guide, id_roles_use_switch-role-console and "Switching from a user to an IAM role".
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import cast

from django.http import HttpRequest

from accounts import role_history, sessions
from accounts.caller import Caller, Session
from accounts.models import ConsoleSession
from accounts.role_history import RoleLink
from accounts.sessions import SignedIn
from iamconsole.events.record import sign_in_event
from iamconsole.operations import door
from identities import assuming, temporary

SHORTEST, USUAL = 900, 3600


def assume(found: SignedIn, link: RoleLink, now: datetime) -> Caller:
    """The caller a switch leads to. Raises an ApiError where a side refuses, or the signed-in one is root."""
    assert found.row is not None
    person = found.person
    role = assuming.role_of(link.arn)
    rest = sessions.seconds_left(found.row)
    wanted = max(SHORTEST, min(rest, role.max_session_duration if role else USUAL))
    given = {"RoleArn": link.arn, "RoleSessionName": session_name(person), "DurationSeconds": wanted}
    result = door.perform(person, "sts:AssumeRole", given)
    credentials = cast("dict[str, str]", result["Credentials"])
    said = temporary.read(credentials["SessionToken"], credentials["AccessKeyId"])
    assert said is not None and said.caller.session is not None
    ends = min(said.caller.session.expires_at, now.timestamp() + rest)
    # Who signed in with MFA acts with MFA: CloudTrail says so of console sessions of roles.
    return replace(
        said.caller,
        mfa=person.mfa,
        mfa_time=person.mfa_time,
        session=replace(said.caller.session, expires_at=ends),
        origin=person.origin,
    )


def session_name(person: Caller) -> str:
    """The user's name, as AWS has it; STS wants two characters at least."""
    return person.name if len(person.name) > 1 else f"{person.name}-console"


def switch(request: HttpRequest, found: SignedIn, acting: Caller, link: RoleLink, now: datetime, to: str) -> None:
    """Act as the role in this session, under a new key and with nothing of the user's left in it."""
    assert found.row is not None
    _set(found.row, acting, link)
    sessions.renew(request, found.row)
    _note(found, acting, link, now, to)


def switch_elsewhere(found: SignedIn, acting: Caller, link: RoleLink, now: datetime, slot: int, to: str) -> str:
    """Act as the role in another slot of the browser; the key of its new session."""
    assert found.row is not None
    row: ConsoleSession = ConsoleSession.objects.get(pk=found.row.pk)
    key, twin = sessions.twin(row, slot)
    _set(twin, acting, link)
    _note(found, acting, link, now, to)
    return key


def back(request: HttpRequest, found: SignedIn, now: datetime, to: str) -> None:
    """Be the user again."""
    record(found.caller, "ExitRole", now, {"SwitchTo": found.person.arn, "RedirectTo": to})
    drop(request, found)


def drop(request: HttpRequest, found: SignedIn) -> None:
    """The role's session is over; nothing of it stays in the user's."""
    assert found.row is not None
    ConsoleSession.objects.filter(pk=found.row.pk).update(role=None)
    sessions.renew(request, found.row)


def record(caller: Caller, name: str, now: datetime, data: dict[str, object]) -> None:
    facts = {"requestParameters": None, "responseElements": {name: "Success"}, "additionalEventData": data}
    sign_in_event(caller, name, now, facts=facts)


def _set(row: ConsoleSession, acting: Caller, link: RoleLink) -> None:
    session = cast("Session", acting.session)
    row.role = {
        "facts": temporary.facts_of(acting, session),
        "key_id": acting.access_key_id,
        "account": link.account,
        "role": link.role,
        "display": link.display,
        "colour": link.colour,
    }
    row.save(update_fields=["role"])


def _note(found: SignedIn, acting: Caller, link: RoleLink, now: datetime, to: str) -> None:
    record(acting, "SwitchRole", now, {"SwitchFrom": found.person.arn, "RedirectTo": to})
    role_history.remember(found.person.account_id, found.person.principal_id, link, now)
