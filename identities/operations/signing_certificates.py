"""X.509 signing certificates of users and of root: uploaded, listed, switched off and on, deleted."""

from __future__ import annotations

from django.db.models import QuerySet

from iamconsole.operations.call import Call
from iamconsole.operations.errors import ApiError, NoSuchEntity
from iamconsole.operations.ids import letters
from iamconsole.operations.paging import page
from iamconsole.operations.registry import Result, operation
from identities import certificates
from identities.models import SigningCertificate, User
from identities.operations.refusals import wants_active
from identities.queries import whose
from identities.quotas import leave_room
from identities.targets import user_target


class DuplicateCertificate(ApiError):
    code, status = "DuplicateCertificate", 409


@operation("iam:UploadSigningCertificate", resource=user_target)
def upload_signing_certificate(call: Call, *, certificate_body: str, user_name: str | None = None) -> Result:
    """Upload an X.509 signing certificate of a user."""
    user = whose(call.caller, user_name)
    fingerprint = _fingerprint(certificate_body)
    if SigningCertificate.objects.of(call.account_id).filter(fingerprint=fingerprint).exists():
        raise DuplicateCertificate("The certificate is already associated with an IAM user in the account.")
    leave_room("CertificatesPerUser", _of(call, user).count())
    row = SigningCertificate.objects.create(
        pk=letters(32),
        account_id=call.account_id,
        user=user,
        body=certificate_body,
        fingerprint=fingerprint,
        created_at=call.now,
    )
    return {"Certificate": _shown(row)}


@operation("iam:ListSigningCertificates", resource=user_target)
def list_signing_certificates(
    call: Call, *, user_name: str | None = None, marker: str | None = None, max_items: int | None = None
) -> Result:
    """List the signing certificates of a user."""
    rows = _of(call, whose(call.caller, user_name))
    return page(call.account_id, "Certificates", rows, _shown, marker=marker, max_items=max_items)


@operation("iam:UpdateSigningCertificate", resource=user_target)
def update_signing_certificate(call: Call, *, certificate_id: str, status: str, user_name: str | None = None) -> Result:
    """Activate or deactivate a signing certificate."""
    row = _find(call, user_name, certificate_id)
    row.active = wants_active(status, "a signing certificate")
    row.save(update_fields=["active"])
    return {}


@operation("iam:DeleteSigningCertificate", resource=user_target)
def delete_signing_certificate(call: Call, *, certificate_id: str, user_name: str | None = None) -> Result:
    """Delete a signing certificate."""
    _find(call, user_name, certificate_id).delete()
    return {}


def _fingerprint(body: str) -> str:
    """AWS words what cannot be read otherwise than for server certificates."""
    try:
        return certificates.fingerprint(certificates.parse(body))
    except certificates.MalformedCertificate:
        raise certificates.MalformedCertificate(f"Certificate {body} is malformed.") from None


def _of(call: Call, user: User | None) -> QuerySet[SigningCertificate]:
    rows: QuerySet[SigningCertificate] = SigningCertificate.objects.of(call.account_id).filter(user=user)
    return rows.select_related("user").order_by("created_at", "pk")


def _find(call: Call, user_name: str | None, certificate_id: str) -> SigningCertificate:
    row = _of(call, whose(call.caller, user_name)).filter(pk=certificate_id).first()
    if row is None:
        raise NoSuchEntity(f"The Certificate with id {certificate_id} cannot be found.")
    return row


def _shown(row: SigningCertificate) -> Result:
    return {
        # The service model wants a name of root's too: root goes by the account id.
        "UserName": row.user.name if row.user else row.account_id,
        "CertificateId": row.pk,
        "CertificateBody": row.body,
        "Status": "Active" if row.active else "Inactive",
        "UploadDate": row.created_at,
    }
