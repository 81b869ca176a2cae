"""The one door: look up, check inputs, find the resource, decide, run, record. Pages, wire, labs and seeds all pass it.

The order stands in `perform`. A caller is never None; the system caller passes without a decision and is recorded as itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.caller import Caller, CallerKind
from accounts.models import Account
from iamconsole.events import record
from iamconsole.operations import inputs, registry
from iamconsole.operations.call import Call
from iamconsole.operations.errors import AccessDenied, ApiError
from iamconsole.operations.registry import Asked, ContextValue, Operation, Result, Target
from policies import gather
from policies.context import request_context
from policies.engine import Decision, Explanation, Outcome, PolicySet, Request, denial_message, explain, reason_text
from policies.engine import decide as decide_request


@dataclass(frozen=True)
class Verdict:
    """A request with the decision on it; None where no policy is asked (the system caller)."""

    request: Request | None
    policies: PolicySet | None
    decision: Decision | None
    target: Target

    @property
    def allowed(self) -> bool:
        return self.decision is None or self.decision.outcome is Outcome.ALLOWED

    def explanation(self) -> Explanation | None:
        """The same decision once more, with every step traced."""
        if self.request is None or self.policies is None:
            return None
        return explain(self.request, self.policies)


def perform(caller: Caller, name: str, given: Mapping[str, object] | None = None) -> Result:
    """Do the operation `name` (`iam:CreateUser`) with inputs by AWS member name; the answer in AWS's shape.

    Raises an ApiError: AWS's code, status and text. Every outcome leaves one event.
    """
    operation = registry.get(name)
    call = Call(caller, timezone.now())
    note = record.Note(call.id, caller, name, call.now, operation.read_only, dict(given or {}))
    try:
        values = inputs.check(name, given or {})
        note.inputs = values
        asked = Asked(caller.account_id, caller.name, caller.is_root, values)
        note.target = target = operation.resource(asked)
        verdict = decide(caller, operation.name, target, operation.context(asked), now=call.now)
        note.decision = _kept(verdict)
        if not verdict.allowed:
            raise _denied(caller, operation.name, verdict, str(call.id))
        return _run(operation, call, values, note)
    except ApiError as error:
        note.failed(error)
        raise


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
    request = Request(
        principal=gathered.principal,
        action=action,
        resource=target.arn,
        resource_account=caller.account_id,
        context=request_context(caller, gathered.tags, target, now or timezone.now(), context or {}),
    )
    return Verdict(request, gathered.policies, decide_request(request, gathered.policies), target)


def authorize(caller: Caller, action: str, arn: str = "*") -> Verdict:
    """The verdict for a shared query that shows on a page what `action` would answer. Raises AccessDenied, unrecorded."""
    verdict = decide(caller, action, Target(arn))
    if not verdict.allowed:
        raise _denied(caller, action, verdict, "")
    return verdict


def _run(operation: Operation, call: Call, values: Mapping[str, object], note: record.Note) -> Result:
    if operation.read_only:
        result = operation.run(call, **inputs.keywords(values))
        note.succeeded(result)
        return result
    with transaction.atomic():
        # The account's row first: writers of one account queue here, so that quotas and unique names cannot race.
        Account.objects.filter(pk=call.account_id).update(revision=F("revision") + 1)
        result = operation.run(call, **inputs.keywords(values))
        note.succeeded(result)
    # Only now: a revision read inside the transaction could be cached and then rolled back.
    gather.forget_revision(call.account_id)
    return result


def _kept(verdict: Verdict) -> dict[str, object] | None:
    """What the event keeps of a decision: everything when refused, the deciding statements when allowed."""
    if verdict.decision is None:
        return None
    explanation = None if verdict.allowed else verdict.explanation()
    return explanation.to_dict() if explanation else verdict.decision.to_dict()


def _denied(caller: Caller, action: str, verdict: Verdict, event_id: str) -> AccessDenied:
    assert verdict.decision is not None
    message = denial_message(caller.arn, action, verdict.target.shown, verdict.decision)
    return AccessDenied(
        message,
        verdict.decision,
        caller_arn=caller.arn,
        action=action,
        resource=verdict.target.shown,
        reason=reason_text(verdict.decision, action),
        event_id=event_id,
    )
