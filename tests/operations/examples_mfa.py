"""One working call of every operation of the console's own on MFA devices."""

from __future__ import annotations

from collections.abc import Mapping

from accounts.caller import system_caller
from iamconsole.operations.door import perform
from iamconsole.operations.secrets import Secret
from tests.cast import ACCOUNT_ID
from tests.identities.authenticator import Authenticator
from tests.identities.passkey_steps import BOUND, begin
from tests.operations.example import Example

TOKEN: Mapping[str, object] = {"SerialNumber": "GAHT12345678"}
SEED: Mapping[str, object] = {"Seed": Secret("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")}
KEY: Mapping[str, object] = {"UserName": "dana", "DeviceName": "yubikey", "BoundTo": BOUND}


def dana() -> None:
    perform(system_caller(ACCOUNT_ID), "iam:CreateUser", {"UserName": "dana"})


def answer() -> Mapping[str, object]:
    """What dana's security key answers."""
    dana()
    return {"Answer": Secret(Authenticator().make(begin(system_caller(ACCOUNT_ID), "dana")))}


def token() -> None:
    perform(system_caller(ACCOUNT_ID), "iamconsole:RegisterMFAToken", {**TOKEN, **SEED})


EXAMPLES: dict[str, Example] = {
    "iamconsole:BeginPasskey": Example(KEY, dana),
    "iamconsole:EnableMFADevice": Example(KEY, answer),
    "iamconsole:RegisterMFAToken": Example({**TOKEN, **SEED}),
    "iamconsole:ListMFATokens": Example({}, token),
    "iamconsole:DeleteMFAToken": Example(TOKEN, token),
    "iamconsole:RemoveRootMFA": Example(),
}
