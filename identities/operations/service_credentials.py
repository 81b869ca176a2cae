"""Service-specific credentials of users: a name and password, or an API key, for one AWS service.

Source: the IAM user guide, "Service-specific credentials for IAM users" and "API keys for AWS services".
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Mapping
from datetime import timedelta

from django.db.models import QuerySet

from iamconsole.operations.call import Call
from iamconsole.operations.errors import NoSuchEntity, ValidationError
from iamconsole.operations.ids import Prefix, new_id
from iamconsole.operations.paging import page
from iamconsole.operations.registry import Asked, ContextValue, Result, Target, operation
from iamconsole.operations.secrets import Secret
from identities.models import ServiceCredential, User
from identities.operations.refusals import wants_active
from identities.queries import find_user, whose_user
from identities.quotas import leave_room
from identities.targets import user_target

PASSWORDS = ("cassandra.amazonaws.com", "codecommit.amazonaws.com")
API_KEYS = {"bedrock.amazonaws.com": ("BedrockAPIKey", "ABSK")}


def _service_context(asked: Asked) -> Mapping[str, ContextValue]:
    days = asked.inputs.get("CredentialAgeDays")
    named = {"iam:ServiceSpecificCredentialServiceName": asked.text("ServiceName")}
    return {**named, **({"iam:ServiceSpecificCredentialAgeDays": str(days)} if days is not None else {})}


def _kept_service_context(asked: Asked) -> Mapping[str, ContextValue]:
    rows = ServiceCredential.objects.of(asked.account_id).filter(pk=asked.text("ServiceSpecificCredentialId"))
    service = rows.values_list("service", flat=True).first()
    return {"iam:ServiceSpecificCredentialServiceName": service} if service else {}


def _listing_target(asked: Asked) -> Target:
    if asked.inputs.get("AllUsers"):
        return Target(f"arn:aws:iam::{asked.account_id}:user/*")
    return user_target(asked)


@operation("iam:CreateServiceSpecificCredential", resource=user_target, context=_service_context)
def create_service_specific_credential(
    call: Call, *, user_name: str, service_name: str, credential_age_days: int | None = None
) -> Result:
    """Create a user's credential for one service, and show its secret this once."""
    user = find_user(call.account_id, user_name)
    _need_service(service_name)
    if credential_age_days is not None and service_name not in API_KEYS:
        raise ValidationError(f"CredentialAgeDays is not supported for {service_name}")
    held = user.service_credentials.filter(service=service_name)
    leave_room("ServiceSpecificCredentialsPerUser", held.count())
    login = _new_login(user, service_name, set(held.values_list("login", flat=True)))
    secret = _new_secret(service_name, login)
    row = ServiceCredential.objects.create(
        pk=new_id(Prefix.SERVICE_CREDENTIAL),
        account_id=call.account_id,
        user=user,
        service=service_name,
        login=login,
        secret_hash=_hashed(secret),
        created_at=call.now,
        expires_at=call.now + timedelta(days=credential_age_days) if credential_age_days else None,
    )
    return {"ServiceSpecificCredential": {**_shown(call, row), **_secret_member(row, secret)}}


@operation("iam:ListServiceSpecificCredentials", resource=_listing_target)
def list_service_specific_credentials(
    call: Call,
    *,
    user_name: str | None = None,
    service_name: str | None = None,
    all_users: bool = False,
    marker: str | None = None,
    max_items: int | None = None,
) -> Result:
    """List the service-specific credentials of a user, or of all users, without their secrets."""
    rows = _every(call) if all_users else _every(call).filter(user=whose_user(call.caller, user_name))
    if all_users and user_name:
        raise ValidationError("UserName and AllUsers cannot be given together")
    if service_name is not None:
        _need_service(service_name)
        rows = rows.filter(service=service_name)

    def show(row: ServiceCredential) -> Result:
        return _shown(call, row)

    member = "ServiceSpecificCredentials"
    return page(call.account_id, member, rows, show, marker=marker, max_items=max_items)


@operation("iam:UpdateServiceSpecificCredential", resource=user_target, context=_kept_service_context)
def update_service_specific_credential(
    call: Call, *, service_specific_credential_id: str, status: str, user_name: str | None = None
) -> Result:
    """Activate or deactivate a service-specific credential."""
    row = _find(call, user_name, service_specific_credential_id)
    row.active = wants_active(status, "a service-specific credential")
    row.save(update_fields=["active"])
    return {}


@operation("iam:ResetServiceSpecificCredential", resource=user_target, context=_kept_service_context)
def reset_service_specific_credential(
    call: Call, *, service_specific_credential_id: str, user_name: str | None = None
) -> Result:
    """Replace the secret of a service-specific credential, and show the new one this once."""
    row = _find(call, user_name, service_specific_credential_id)
    secret = _new_secret(row.service, row.login)
    row.secret_hash = _hashed(secret)
    row.save(update_fields=["secret_hash"])
    return {"ServiceSpecificCredential": {**_shown(call, row), **_secret_member(row, secret)}}


@operation("iam:DeleteServiceSpecificCredential", resource=user_target, context=_kept_service_context)
def delete_service_specific_credential(
    call: Call, *, service_specific_credential_id: str, user_name: str | None = None
) -> Result:
    """Delete a service-specific credential."""
    _find(call, user_name, service_specific_credential_id).delete()
    return {}


def _need_service(name: str) -> None:
    if name not in PASSWORDS and name not in API_KEYS:
        raise NoSuchEntity(f"No such service {name} is supported for Service Specific Credentials")


def _every(call: Call) -> QuerySet[ServiceCredential]:
    rows: QuerySet[ServiceCredential] = ServiceCredential.objects.of(call.account_id)
    return rows.select_related("user").order_by("created_at", "pk")


def _find(call: Call, user_name: str | None, credential_id: str) -> ServiceCredential:
    row = _every(call).filter(user=whose_user(call.caller, user_name), pk=credential_id).first()
    if row is None:
        raise NoSuchEntity(f"No such credential {credential_id} exists")
    return row


def _new_login(user: User, service: str, taken: set[str]) -> str:
    if service in API_KEYS:
        return f"{API_KEYS[service][0]}-{secrets.token_hex(2)}-at-{user.account_id}"
    first = f"{user.name}-at-{user.account_id}"
    return first if first not in taken else f"{user.name}+1-at-{user.account_id}"


def _new_secret(service: str, login: str) -> Secret:
    password = base64.b64encode(secrets.token_bytes(33)).decode()
    if service not in API_KEYS:
        return Secret(password)
    return Secret(API_KEYS[service][1] + base64.b64encode(f"{login}:{password}".encode()).decode())


def _hashed(secret: Secret) -> str:
    return hashlib.sha256(secret.reveal().encode()).hexdigest()


def _secret_member(row: ServiceCredential, secret: Secret) -> Result:
    return {"ServiceCredentialSecret" if row.service in API_KEYS else "ServicePassword": secret}


def _shown(call: Call, row: ServiceCredential) -> Result:
    login = "ServiceCredentialAlias" if row.service in API_KEYS else "ServiceUserName"
    expired = row.expires_at is not None and row.expires_at <= call.now
    return {
        "UserName": row.user.name,
        "Status": "Expired" if expired else "Active" if row.active else "Inactive",
        login: row.login,
        "CreateDate": row.created_at,
        **({"ExpirationDate": row.expires_at} if row.expires_at else {}),
        "ServiceSpecificCredentialId": row.pk,
        "ServiceName": row.service,
    }
