"""SSH public keys of users: uploaded, shown in both encodings, listed, switched off and on, deleted."""

from __future__ import annotations

from iamconsole.operations.call import Call
from iamconsole.operations.errors import ApiError, NoSuchEntity
from iamconsole.operations.ids import Prefix, new_id
from iamconsole.operations.paging import page
from iamconsole.operations.registry import Result, operation
from identities import ssh
from identities.models import SshKey
from identities.operations.refusals import wants_active
from identities.queries import find_user, whose_user
from identities.quotas import leave_room
from identities.targets import user_target


class DuplicateSSHPublicKey(ApiError):
    code, status = "DuplicateSSHPublicKey", 400


@operation("iam:UploadSSHPublicKey", resource=user_target)
def upload_ssh_public_key(call: Call, *, user_name: str, ssh_public_key_body: str) -> Result:
    """Upload an SSH public key of a user."""
    user = find_user(call.account_id, user_name)
    line = ssh.openssh(ssh_public_key_body)
    if user.ssh_keys.filter(openssh=line).exists():
        raise DuplicateSSHPublicKey("The SSH public key is already associated with the specified IAM user.")
    leave_room("SSHPublicKeysPerUser", user.ssh_keys.count())
    key = SshKey.objects.create(
        pk=new_id(Prefix.SSH_KEY), account_id=call.account_id, user=user, openssh=line, created_at=call.now
    )
    return {"SSHPublicKey": {**_whole(key), "SSHPublicKeyBody": ssh_public_key_body}}


@operation("iam:GetSSHPublicKey", resource=user_target)
def get_ssh_public_key(call: Call, *, user_name: str, ssh_public_key_id: str, encoding: str) -> Result:
    """Show an SSH public key in OpenSSH's encoding or in PEM."""
    key = _find(call, user_name, ssh_public_key_id)
    body = ssh.pem(key.openssh) if encoding == "PEM" else key.openssh
    return {"SSHPublicKey": {**_whole(key), "SSHPublicKeyBody": body}}


@operation("iam:ListSSHPublicKeys", resource=user_target)
def list_ssh_public_keys(
    call: Call, *, user_name: str | None = None, marker: str | None = None, max_items: int | None = None
) -> Result:
    """List the SSH public keys of a user."""
    user = whose_user(call.caller, user_name)
    keys = user.ssh_keys.select_related("user").order_by("created_at", "pk")
    return page(call.account_id, "SSHPublicKeys", keys, _listed, marker=marker, max_items=max_items)


@operation("iam:UpdateSSHPublicKey", resource=user_target)
def update_ssh_public_key(call: Call, *, user_name: str, ssh_public_key_id: str, status: str) -> Result:
    """Activate or deactivate an SSH public key."""
    key = _find(call, user_name, ssh_public_key_id)
    key.active = wants_active(status, "an SSH public key")
    key.save(update_fields=["active"])
    return {}


@operation("iam:DeleteSSHPublicKey", resource=user_target)
def delete_ssh_public_key(call: Call, *, user_name: str, ssh_public_key_id: str) -> Result:
    """Delete an SSH public key."""
    _find(call, user_name, ssh_public_key_id).delete()
    return {}


def _find(call: Call, user_name: str, key_id: str) -> SshKey:
    keys = find_user(call.account_id, user_name).ssh_keys.select_related("user")
    key = keys.filter(pk=key_id).first()
    if key is None:
        raise NoSuchEntity(f"The Public Key with id {key_id} cannot be found.")
    return key


def _listed(key: SshKey) -> Result:
    return {
        "UserName": key.user.name,
        "SSHPublicKeyId": key.pk,
        "Status": "Active" if key.active else "Inactive",
        "UploadDate": key.created_at,
    }


def _whole(key: SshKey) -> Result:
    return {**_listed(key), "Fingerprint": ssh.fingerprint(key.openssh)}
