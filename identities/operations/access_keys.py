"""Long-term keys of users and of root; the secret is shown once, when the key is made."""

from __future__ import annotations

from iamconsole.operations.call import Call
from iamconsole.operations.errors import AccessDenied, InvalidInput, NoSuchEntity
from iamconsole.operations.ids import Prefix, new_id
from iamconsole.operations.paging import page
from iamconsole.operations.registry import Asked, Result, Target, operation
from identities import key_secrets, shapes
from identities.models import AccessKey, User
from identities.queries import keys_of, whose
from identities.quotas import leave_room
from identities.targets import row_target, user_target


def key_owner_target(asked: Asked) -> Target:
    """The user whose key is in `AccessKeyId`."""
    key_id = asked.text("AccessKeyId")
    key = AccessKey.objects.of(asked.account_id).select_related("user").filter(pk=key_id).first()
    if key is None:
        return Target(f"arn:aws:iam::{asked.account_id}:user/*", label=f"access key {key_id}")
    if key.user is None:
        return Target(f"arn:aws:iam::{asked.account_id}:root", name="root")
    return row_target(key.user)


@operation("iam:CreateAccessKey", resource=user_target)
def create_access_key(call: Call, *, user_name: str | None = None) -> Result:
    """Create an access key, the second at most, and show its secret this once."""
    user = whose(call.caller, user_name)
    leave_room("AccessKeysPerUser", keys_of(call.account_id, user).count())
    key_id, secret = new_id(Prefix.ACCESS_KEY), key_secrets.new_secret()
    key = AccessKey.objects.create(
        pk=key_id,
        account_id=call.account_id,
        user=user,
        sealed_secret=key_secrets.sealed(secret, key_id, call.account_id),
        created_at=call.now,
    )
    return {"AccessKey": {**_with_name(call, key, user), "SecretAccessKey": secret}}


@operation("iam:ListAccessKeys", resource=user_target)
def list_access_keys(
    call: Call, *, user_name: str | None = None, marker: str | None = None, max_items: int | None = None
) -> Result:
    """List the access keys of a user, without their secrets."""
    user = whose(call.caller, user_name)

    def show(key: AccessKey) -> Result:
        return shapes.access_key(key, user)

    keys = keys_of(call.account_id, user)
    return page(call.account_id, "AccessKeyMetadata", keys, show, marker=marker, max_items=max_items)


@operation("iam:UpdateAccessKey", resource=user_target)
def update_access_key(call: Call, *, access_key_id: str, status: str, user_name: str | None = None) -> Result:
    """Activate or deactivate an access key."""
    key = _find(call, user_name, access_key_id)
    if status == "Expired":
        raise InvalidInput("The status of an access key can be set to Active or Inactive.")
    key.active = status == "Active"
    key.save(update_fields=["active"])
    return {}


@operation("iam:DeleteAccessKey", resource=user_target)
def delete_access_key(call: Call, *, access_key_id: str, user_name: str | None = None) -> Result:
    """Delete an access key."""
    _find(call, user_name, access_key_id).delete()
    return {}


@operation("iam:GetAccessKeyLastUsed", resource=key_owner_target)
def get_access_key_last_used(call: Call, *, access_key_id: str) -> Result:
    """Show when, where and for which service an access key was last used."""
    key = AccessKey.objects.of(call.account_id).select_related("user").filter(pk=access_key_id).first()
    if key is None:
        raise _somebody_elses(call, access_key_id)
    name = {"UserName": key.user.name} if key.user else {}
    return {**name, "AccessKeyLastUsed": shapes.key_last_used(key)}


def _find(call: Call, user_name: str | None, key_id: str) -> AccessKey:
    key = keys_of(call.account_id, whose(call.caller, user_name)).filter(pk=key_id).first()
    if key is None:
        raise _no_such_key(key_id)
    return key


def _somebody_elses(call: Call, key_id: str) -> AccessDenied:
    """AWS tells nobody whether another account has such a key; its sentence lacks a colon here."""
    action, resource = "iam:GetAccessKeyLastUsed", f"access key {key_id}"
    return AccessDenied(
        f"User: {call.caller.arn} is not authorized to perform {action} on resource: {resource}",
        caller_arn=call.caller.arn,
        action=action,
        resource=resource,
        event_id=str(call.id),
    )


def _no_such_key(key_id: str) -> NoSuchEntity:
    return NoSuchEntity(f"The Access Key with id {key_id} cannot be found.")


def _with_name(call: Call, key: AccessKey, user: User | None) -> Result:
    # The service model wants a user name of a new key, root's too: root goes by the account id.
    return {"UserName": call.account_id, **shapes.access_key(key, user)}
