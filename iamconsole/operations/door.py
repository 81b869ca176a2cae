"""The one door: look up, check inputs, find the resource, decide, run, record. Pages, wire, labs and seeds all pass it.

The order stands in `perform`. A caller is never None; the system caller passes undecided and is recorded as itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.caller import Caller, CallerKind
from iamconsole import statements
from iamconsole.events import record
from iamconsole.operations import inputs, registry
from iamconsole.operations.call import Call
from iamconsole.operations.errors import AccessDenied, ApiError
from iamconsole.operations.registry import Asked, ContextValue, Operation, Result, Target
from iamconsole.operations.verdict import Verdict
from iamconsole.prepared import change_begins, same_answers
from policies import gather
from policies.context import request_context
from policies.engine import Request, denial_message, reason_text
from policies.engine import decide as decide_request

# Plain SQL: every write passes here.
GROW = "UPDATE accounts_account SET revision = revision + 1 WHERE id = %s RETURNING revision"


def perform(caller: Caller, name: str, given: Mapping[str, object] | None = None) -> Result:
    """Do the operation `name` (`iam:CreateUser`) with inputs by AWS member name; the answer in AWS's shape.

    Raises an ApiError: AWS's code, status and text. Every outcome leaves one event.
    """
    operation = registry.get(name)
    call = Call(caller, timezone.now())
    # Unchecked inputs are not recorded: only the check knows which of them are secrets.
    note = record.Note(call.id, caller, name, call.now, operation.read_only, {})
    try:
        values = inputs.check(name, given or {})
        note.inputs = values
        asked = Asked(caller, values, call.now)
        if operation.identify is not None:
            note.caller = caller = operation.identify(asked)
            call, asked = replace(call, caller=caller), replace(asked, caller=caller)
        with same_answers(gather.known_revision(call.account_id)):
            _permit(operation, asked, call, note)
            return _run(operation, call, values, note)
    except ApiError as error:
        note.failed(error)
        raise


def _permit(operation: Operation, asked: Asked, call: Call, note: record.Note) -> None:
    """Find what the call is about, and decide on it. Raises AccessDenied."""
    caller = call.caller
    note.target = target = operation.resource(asked)
    context = operation.context(asked)
    for action in (operation.permission, *operation.also(asked)):
        verdict = decide(caller, action, target, context, now=call.now).told()
        note.decision = verdict.kept()
        if not verdict.allowed:
            raise _denied(caller, action, verdict, str(call.id))
    operation.guard(asked)


def decide(
    caller: Caller,
    action: str,
    target: Target,
    context: Mapping[str, ContextValue] | None = None,
    *,
    now: datetime | None = None,
) -> Verdict:
    """What the policies say of one action of a caller; nothing is done, recorded or raised."""
    if caller.kind is CallerKind.SYSTEM:
        return Verdict(None, None, None, target)
    gathered = gather.for_caller(caller)
    policies = gather.with_resource_policy(gathered.policies, target) if target.policy else gathered.policies
    request = Request(
        principal=gathered.principal,
        action=action,
        resource=target.arn,
        resource_account=target.account_id or caller.account_id,
        context=request_context(caller, gathered.tags, target, now or timezone.now(), context or {}),
        options={"get_session_token": True} if caller.session and caller.session.plain else {},
    )
    return Verdict(request, policies, decide_request(request, policies), target)


def would(caller: Caller, name: str, given: Mapping[str, object]) -> Verdict:
    """The verdict on an operation not done yet, for pages with several steps on the way to it; nothing is recorded."""
    operation, now = registry.get(name), timezone.now()
    asked = Asked(caller, inputs.check(name, given), now)
    return decide(caller, operation.permission, operation.resource(asked), operation.context(asked), now=now)


def authorize(caller: Caller, action: str, target: Target | None = None) -> Verdict:
    """Stand in for the read `action` where a page answers it with a query of its own; recorded like any call.

    Raises AccessDenied.
    """
    call = Call(caller, timezone.now())
    note = record.Note(call.id, caller, action, call.now, read_only=True, inputs={}, target=target)
    verdict = decide(caller, action, target or Target("*"), now=call.now).told()
    note.decision = verdict.kept()
    if verdict.allowed:
        note.succeeded({})
        return verdict
    error = _denied(caller, action, verdict, str(call.id))
    note.failed(error)
    raise error


@dataclass(frozen=True)
class Answer:
    """What a panel of a page got: a result, or the refusal it shows instead."""

    result: Result
    denied: AccessDenied | None = None

    def __bool__(self) -> bool:
        return self.denied is None


def ask(caller: Caller, name: str, given: Mapping[str, object] | None = None) -> Answer:
    """`perform` for one panel of a page: a refusal is part of the answer, other errors are raised."""
    try:
        return Answer(perform(caller, name, given))
    except AccessDenied as denied:
        return Answer({}, denied)


def ask_all(caller: Caller, name: str, member: str, given: Mapping[str, object] | None = None) -> Answer:
    """`ask` for all pages of a list; the result holds every item under `member`."""
    items: list[object] = []
    marker: object = None
    while True:
        answer = ask(caller, name, {**(given or {}), "MaxItems": 1000, "Marker": marker})
        if not answer:
            return answer
        found = answer.result[member]
        assert isinstance(found, list)
        items += found
        marker = answer.result.get("Marker")
        if marker is None:
            return Answer({**answer.result, member: items})


def _run(operation: Operation, call: Call, values: Mapping[str, object], note: record.Note) -> Result:
    if operation.read_only:
        result = operation.run(call, **inputs.keywords(values))
        note.succeeded(result)
        return result
    with transaction.atomic():
        # The account's row first: writers of one account queue here, so that quotas and unique names cannot race.
        change_begins(call.account_id, _grown(call.account_id))
        result = operation.run(call, **inputs.keywords(values))
        note.succeeded(result)
    # Only now: a revision read inside the transaction could be cached and then rolled back.
    gather.forget_revision(call.account_id)
    return result


def _grown(account_id: str) -> int:
    """The account's next revision; 0 for an account that is not there (yet)."""
    rows = statements.run(GROW, [account_id])
    return int(rows[0][0]) if rows else 0


def _denied(caller: Caller, action: str, verdict: Verdict, event_id: str) -> AccessDenied:
    assert verdict.decision is not None
    message = denial_message(caller.arn, action, verdict.target.shown, verdict.decision)
    if caller.assertion is not None:
        # Whoever comes with a stranger's token is told nothing of roles and policies.
        message = f"Not authorized to perform {action}"
    return AccessDenied(
        message,
        verdict.decision,
        caller_arn=caller.arn,
        action=action,
        resource=verdict.target.shown,
        reason=reason_text(verdict.decision, action),
        event_id=event_id,
    )
