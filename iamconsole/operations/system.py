"""What only the installation itself does, through its commands."""

from __future__ import annotations

from accounts.caller import CallerKind
from iamconsole.operations.call import Call
from iamconsole.operations.errors import AccessDenied


def need_system(call: Call, name: str) -> None:
    """No policy speaks of the console's own operations: only its commands perform them."""
    if call.caller.kind is not CallerKind.SYSTEM:
        raise AccessDenied(
            f"User: {call.caller.arn} is not authorized to perform: {name}", caller_arn=call.caller.arn, action=name
        )
