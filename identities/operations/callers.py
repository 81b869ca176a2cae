"""Who am I: the first call of every AWS client."""

from __future__ import annotations

from iamconsole.operations.call import Call
from iamconsole.operations.registry import Result, operation


@operation("sts:GetCallerIdentity")
def get_caller_identity(call: Call) -> Result:
    """Say which account and principal a call comes from; needs no permission."""
    caller = call.caller
    return {"UserId": caller.principal_id, "Account": caller.account_id, "Arn": caller.arn}
