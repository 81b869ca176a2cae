"""A user who is slowed down by failed sign-ins is let try again at once.

AWS has no lockout, so no action for it either: it takes what resetting the password takes, iam:UpdateLoginProfile, with
which one could let the user in anyway.
"""

from __future__ import annotations

from accounts import throttle
from iamconsole.operations.call import Call
from iamconsole.operations.registry import Result, operation
from identities.queries import find_user
from identities.targets import user_target


@operation("iamconsole:UnlockUser", resource=user_target, action="iam:UpdateLoginProfile")
def unlock_user(call: Call, *, user_name: str) -> Result:
    """Forget the failed sign-ins that are counted against a user."""
    throttle.release(call.account_id, find_user(call.account_id, user_name).name)
    return {}
