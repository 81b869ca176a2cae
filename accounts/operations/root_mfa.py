"""The way back for a root user whose MFA devices are lost. AWS asks for e-mail and telephone; here its keeper helps."""

from __future__ import annotations

from iamconsole.operations.call import Call
from iamconsole.operations.registry import Result, operation
from iamconsole.operations.system import need_system
from identities.operations.mfa_assignment import end_root_sessions, take_off
from identities.queries import enabled_devices


@operation("iamconsole:RemoveRootMFA")
def remove_root_mfa(call: Call) -> Result:
    """Take all MFA devices from the root user and end its console sessions."""
    need_system(call, "iamconsole:RemoveRootMFA")
    devices = list(enabled_devices(call.account_id, None))
    serials = [device.serial for device in devices]
    for device in devices:
        take_off(device)
    if serials:
        end_root_sessions(call.account_id, serials)
    return {"SerialNumbers": serials}
