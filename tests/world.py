"""The cast brought to life: two accounts with their people, as rows. Tests of operations and pages begin here."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.utils import timezone

from accounts.caller import Caller, root_caller, system_caller, user_caller
from accounts.models import Account
from iamconsole.operations.ids import Prefix, new_id
from identities.models import User
from policies.models import Attachment, InlinePolicy
from tests.cast import ACCOUNT_ID, OTHER_ACCOUNT_ID

ADMINISTRATOR_ACCESS = "arn:aws:iam::aws:policy/AdministratorAccess"


@dataclass(frozen=True)
class World:
    """The callers of the cast; `system` is the installation itself in alice's account."""

    root: Caller
    alice: Caller
    bob: Caller
    charlie: Caller
    system: Caller


def make_world() -> World:
    """root, alice (AdministratorAccess) and bob (nothing) in one account, charlie (AdministratorAccess) in another."""
    make_account(ACCOUNT_ID, "alice's lab", "root@alice.example")
    make_account(OTHER_ACCOUNT_ID, "charlie's lab", "root@charlie.example")
    alice, bob, charlie = make_user("alice"), make_user("bob"), make_user("charlie", OTHER_ACCOUNT_ID)
    for admin in (alice, charlie):
        Attachment.objects.create(
            account_id=admin.account_id, user=admin, policy_arn=ADMINISTRATOR_ACCESS, attached_at=timezone.now()
        )
    return World(root_caller(ACCOUNT_ID), as_user(alice), as_user(bob), as_user(charlie), system_caller(ACCOUNT_ID))


def make_account(account_id: str, name: str, email: str) -> Account:
    return Account.objects.create(pk=account_id, name=name, root_email=email, created_at=timezone.now())


def make_user(name: str, account_id: str = ACCOUNT_ID, path: str = "/") -> User:
    return User.objects.create(
        pk=new_id(Prefix.USER), account_id=account_id, name=name, path=path, created_at=timezone.now()
    )


def as_user(user: User, *, mfa: bool | None = None) -> Caller:
    return user_caller(user.account_id, user.pk, user.arn, user.name, mfa=mfa)


def allow(caller: Caller, *actions: str, resource: str = "*", effect: str = "Allow", name: str = "only-this") -> None:
    """Give a user exactly these actions, by an inline policy that takes the place of an earlier one of that name."""
    statement = {"Effect": effect, "Action": list(actions), "Resource": resource}
    InlinePolicy.objects.update_or_create(
        account_id=caller.account_id,
        user_id=caller.principal_id,
        name=name,
        defaults={"document": json.dumps({"Version": "2012-10-17", "Statement": [statement]})},
    )
    touch(caller.account_id)


def touch(account_id: str) -> None:
    """What the door does at every write: the account's revision grows."""
    account = Account.objects.get(pk=account_id)
    account.revision += 1
    account.save(update_fields=["revision"])
