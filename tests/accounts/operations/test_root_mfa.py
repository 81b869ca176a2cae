"""The root user whose MFA devices are lost."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command

from accounts.caller import root_caller
from accounts.models import Account
from iamconsole.events.models import Event
from iamconsole.operations.door import perform
from iamconsole.operations.errors import AccessDenied
from identities.models import MfaDevice
from tests.accounts.operations.test_organizations import assume, rooted, session, together
from tests.cast import ACCOUNT_ID, OTHER_ACCOUNT_ID
from tests.identities.passkey_steps import give_passkey
from tests.identities.steps import do, enable
from tests.world import World

__all__ = ["rooted", "together"]


def run(account: str = ACCOUNT_ID) -> str:
    out = io.StringIO()
    call_command("remove_root_mfa", account, stdout=out)
    return out.getvalue()


def test_it_takes_all_devices_from_root_and_ends_its_sessions(world: World) -> None:
    phone, _ = enable(world.root, ACCOUNT_ID)
    enable(world.alice, "bob", "bobs")
    before = Account.objects.get(pk=ACCOUNT_ID).root_credential_version
    assert run() == f"Removed {phone}\n"
    assert [device.name for device in MfaDevice.objects.filter(enabled_at__isnull=False)] == ["bobs"]
    assert Account.objects.get(pk=ACCOUNT_ID).root_credential_version == before + 1
    assert Event.objects.get(name="RemoveRootMFA").record["responseElements"] == {"serialNumbers": [phone]}
    assert run() == "The root user has no MFA device.\n"


def test_it_removes_a_passkey_of_root(world: World) -> None:
    serial = give_passkey(world.root).serial
    assert run() == f"Removed {serial}\n"
    assert not MfaDevice.objects.exists()


def test_it_is_for_the_installations_own_command_only(world: World) -> None:
    enable(world.root, ACCOUNT_ID)
    for caller in (world.alice, world.root, world.charlie):
        with pytest.raises(AccessDenied):
            perform(caller, "iamconsole:RemoveRootMFA")
    assert MfaDevice.objects.get().for_root


def test_it_says_so_when_there_is_no_such_account(world: World) -> None:
    with pytest.raises(CommandError, match="There is no account 999999999999"):
        run("999999999999")


def test_it_leaves_the_root_of_a_member_account_to_the_management_account(rooted: World) -> None:
    """Central root access removes devices without having them; that is what it is for."""
    serial = give_passkey(root_caller(OTHER_ACCOUNT_ID)).serial
    helper = session(assume(rooted.alice, "IAMDeleteRootUserCredentials"))
    do(helper, "DeactivateMFADevice", SerialNumber=serial)
    assert not MfaDevice.objects.exists()


def test_it_tells_root_by_mail_of_a_device_that_is_gone(
    world: World, mailoutbox: list[EmailMessage], django_capture_on_commit_callbacks: Any
) -> None:
    serial = give_passkey(world.root).serial
    with django_capture_on_commit_callbacks(execute=True):
        do(root_caller(ACCOUNT_ID, mfa=True), "DeactivateMFADevice", SerialNumber=serial)
        enable(world.alice, "bob")
    (mail,) = mailoutbox
    assert mail.to == ["root@alice.example"] and serial in str(mail.body)
    with django_capture_on_commit_callbacks(execute=True):
        run()
    assert len(mailoutbox) == 1
