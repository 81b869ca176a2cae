"""What the tests of identities do over and over: call, be refused, call from many threads at once."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from accounts.caller import Caller
from iamconsole.operations.door import perform
from iamconsole.operations.errors import ApiError
from iamconsole.operations.secrets import Secret
from identities import totp

PASSWORD = "Correct-horse-9"


def do(caller: Caller, name: str, **inputs: object) -> dict[str, Any]:
    return perform(caller, f"iam:{name}", inputs)


def error(caller: Caller, name: str, **inputs: object) -> tuple[str, str]:
    """The code and text of the error a call must give."""
    with pytest.raises(ApiError) as raised:
        do(caller, name, **inputs)
    return raised.value.code, raised.value.message


def trust(**principal: object) -> str:
    """A trust policy with one principal."""
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def new_device(caller: Caller, name: str = "phone") -> tuple[str, Secret]:
    """A virtual device: its serial number and seed."""
    made = do(caller, "CreateVirtualMFADevice", VirtualMFADeviceName=name)["VirtualMFADevice"]
    return made["SerialNumber"], Secret(made["Base32StringSeed"].decode())


def codes(seed: Secret, later: int = 0, now: datetime | None = None) -> dict[str, str]:
    """Two consecutive codes, the second `later` steps from now."""
    step = totp.step_at(now or timezone.now()) + later
    return {"AuthenticationCode1": totp.code_at(seed, step - 1), "AuthenticationCode2": totp.code_at(seed, step)}


def enable(caller: Caller, user_name: str, device_name: str = "phone") -> tuple[str, Secret]:
    """A virtual device, assigned."""
    serial, seed = new_device(caller, device_name)
    do(caller, "EnableMFADevice", UserName=user_name, SerialNumber=serial, **codes(seed))
    return serial, seed


def together(count: int, work: Callable[[int], object]) -> list[object]:
    """The results, or ApiErrors, of the same work from many threads that start at one moment."""
    start, results = Barrier(count), [None] * count

    def run(place: int) -> None:
        start.wait()
        try:
            results[place] = work(place)  # type: ignore[call-overload]
        except ApiError as failure:
            results[place] = failure  # type: ignore[call-overload]
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(place,)) for place in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results  # type: ignore[return-value]
