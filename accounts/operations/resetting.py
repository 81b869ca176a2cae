"""An account goes back to how it was made; what came later is gone, in one transaction."""

from __future__ import annotations

from django.apps import apps
from django.db.models import F, Model, Q, QuerySet

from accounts.models import Account, AccountScoped, PendingSignIn
from accounts.operations.making import ADMIN, ADMINISTRATOR_ACCESS
from iamconsole.events.chain import begin_again
from iamconsole.events.models import Event
from iamconsole.operations.call import Call
from iamconsole.operations.errors import NoSuchEntity
from iamconsole.operations.registry import Result, operation
from iamconsole.operations.system import need_system
from identities.models import AccessKey, MfaDevice, SigningCertificate, User
from policies.operations.attachments import attach

NOTHING = Q(pk__in=())


@operation("iamconsole:ResetAccount")
def reset_account(call: Call) -> Result:
    """Take the caller's account back to how it was made: root, its credentials and the first key stay."""
    need_system(call, "iamconsole:ResetAccount")
    account = Account.objects.filter(pk=call.account_id).first()
    if account is None:
        raise NoSuchEntity(f"There is no account {call.account_id}.")
    admin = User.objects.of(account.pk).filter(created_at=account.created_at).first()
    _empty(account, admin)
    account.alias = _first_alias(account)
    account.save(update_fields=["alias"])
    if admin is not None:
        _as_made(call, admin)
    return {}


def _empty(account: Account, admin: User | None) -> None:
    """Delete kind by kind, those that refer to others first: they are defined after them."""
    kept = _kept(account, admin)
    models: list[type[Model]] = [PendingSignIn]
    models += [each for each in reversed(apps.get_models()) if issubclass(each, AccountScoped)]
    for model in models:
        rows = model._default_manager.filter(account=account).exclude(kept.get(model, NOTHING))
        # One statement: delete() would first look through five thousand users for what refers to them, gone by now.
        rows._raw_delete(rows.db)
    begin_again(account.pk, keep=Q(name="CreateAccount"))


def _kept(account: Account, admin: User | None) -> dict[type[Model], Q]:
    own = Q(pk=admin.pk) if admin else NOTHING
    first_key = Q(user=admin, created_at=account.created_at) if admin else NOTHING
    of_root = Q(user__isnull=True)
    return {
        User: own,
        AccessKey: of_root | first_key,
        MfaDevice: Q(for_root=True),
        SigningCertificate: of_root,
    }


def _first_alias(account: Account) -> str | None:
    """The alias the account was made with, as the event of its making tells; None if somebody else has it by now."""
    making = _history(account).filter(name="CreateAccount").first()
    asked = (making.record.get("requestParameters") if making else None) or {}
    alias = asked.get("accountAlias") if isinstance(asked, dict) else None
    if not isinstance(alias, str) or Account.objects.exclude(pk=account.pk).filter(alias=alias).exists():
        return None
    return alias


def _history(account: Account) -> QuerySet[Event]:
    return Event.objects.filter(account_id=account.pk)


def _as_made(call: Call, admin: User) -> None:
    """The administrator under its first name, with nothing but AdministratorAccess and its key; its sessions end."""
    User.objects.of(call.account_id).filter(pk=admin.pk).update(
        name=ADMIN, path="/", tags=[], credential_version=F("credential_version") + 1
    )
    AccessKey.objects.of(call.account_id).filter(user=admin).update(active=True)
    attach(call, admin, ADMINISTRATOR_ACCESS)
