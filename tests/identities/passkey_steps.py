"""Short ways to passkeys for tests that are about something else."""

from __future__ import annotations

from accounts.caller import Caller
from iamconsole.operations.door import perform
from iamconsole.operations.secrets import Secret
from identities.models import MfaDevice
from tests.identities.authenticator import Authenticator

BOUND = Secret("this session")


def begin(caller: Caller, user_name: str | None = None, name: str = "yubikey", bound_to: Secret = BOUND) -> str:
    """The options a browser gets, as JSON."""
    given = {"UserName": user_name, "DeviceName": name, "BoundTo": bound_to}
    options = perform(caller, "iamconsole:BeginPasskey", given)["Options"]
    assert isinstance(options, Secret)
    return options.reveal()


def enable(
    caller: Caller, answer: str, user_name: str | None = None, name: str = "yubikey", bound_to: Secret = BOUND
) -> str:
    """The serial number of the passkey that `answer` proves."""
    given = {"UserName": user_name, "DeviceName": name, "Answer": Secret(answer), "BoundTo": bound_to}
    return str(perform(caller, "iamconsole:EnableMFADevice", given)["SerialNumber"])


def give_passkey(caller: Caller, user_name: str | None = None, key: Authenticator | None = None) -> MfaDevice:
    """A passkey, assigned by `caller`."""
    key = key or Authenticator()
    serial = enable(caller, key.make(begin(caller, user_name)), user_name)
    device: MfaDevice = MfaDevice.objects.get(pk=serial)
    return device
