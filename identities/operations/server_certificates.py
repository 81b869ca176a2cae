"""TLS certificates for servers: uploaded, shown, listed, renamed, deleted."""

from __future__ import annotations

from iamconsole.operations.call import Call
from iamconsole.operations.errors import EntityAlreadyExists
from iamconsole.operations.ids import Prefix, new_id
from iamconsole.operations.registry import Result, operation
from iamconsole.operations.secrets import Secret
from identities import certificates
from identities.models import ServerCertificate, Tags
from identities.operations.shared import need_also, page_by_name
from identities.queries import listed, maybe
from identities.queries_providers import find_server_certificate
from identities.quotas import leave_room
from identities.tags import EXACT, as_given, by_key, checked
from identities.targets import listing, tags_context
from identities.targets_providers import certificate_row_target, certificate_target, new_certificate_target


@operation("iam:UploadServerCertificate", resource=new_certificate_target, context=tags_context)
def upload_server_certificate(
    call: Call,
    *,
    server_certificate_name: str,
    certificate_body: str,
    private_key: Secret,
    path: str = "/",
    certificate_chain: str = "",
    tags: Tags | None = None,
) -> Result:
    """Upload a server certificate with its chain; its private key must match and is not kept."""
    _free_name(call, server_certificate_name)
    leave_room("ServerCertificatesPerAccount", ServerCertificate.objects.of(call.account_id).count())
    certificate = certificates.parse(certificate_body)
    certificates.need_pair(certificate, private_key)
    if certificate_chain:
        certificates.need_chain(certificate, certificate_chain)
    row = ServerCertificate.objects.create(
        pk=new_id(Prefix.SERVER_CERTIFICATE),
        account_id=call.account_id,
        name=server_certificate_name,
        path=path,
        # As AWS keeps them: Terraform would upload anew at each run what comes back with a line end.
        body=certificate_body.strip(),
        chain=certificate_chain.strip(),
        expires_at=certificate.not_valid_after_utc,
        tags=checked(tags, EXACT),
        created_at=call.now,
    )
    return {"ServerCertificateMetadata": _metadata(row), **as_given(row.tags)}


@operation("iam:GetServerCertificate", resource=certificate_target)
def get_server_certificate(call: Call, *, server_certificate_name: str) -> Result:
    """Show a server certificate with its chain."""
    row = find_server_certificate(call.account_id, server_certificate_name)
    chain = {"CertificateChain": row.chain} if row.chain else {}
    shown = {"ServerCertificateMetadata": _metadata(row), "CertificateBody": row.body, **chain}
    return {"ServerCertificate": {**shown, "Tags": by_key(row.tags, EXACT)}}


@operation("iam:ListServerCertificates", resource=listing("server-certificate"))
def list_server_certificates(
    call: Call, *, path_prefix: str | None = None, marker: str | None = None, max_items: int | None = None
) -> Result:
    """List the server certificates of the account, or those under a path."""
    rows = listed(ServerCertificate, call.account_id, path_prefix)
    member = "ServerCertificateMetadataList"
    return page_by_name(call, member, rows, _metadata, marker, max_items)


@operation("iam:UpdateServerCertificate", resource=certificate_target)
def update_server_certificate(
    call: Call,
    *,
    server_certificate_name: str,
    new_path: str | None = None,
    new_server_certificate_name: str | None = None,
) -> Result:
    """Give a server certificate another name or path."""
    row = find_server_certificate(call.account_id, server_certificate_name)
    if new_server_certificate_name:
        _free_name(call, new_server_certificate_name, mover=row)
    row.name, row.path = new_server_certificate_name or row.name, new_path or row.path
    need_also(call, "iam:UpdateServerCertificate", certificate_row_target(row))
    row.save(update_fields=["name", "path"])
    return {}


@operation("iam:DeleteServerCertificate", resource=certificate_target)
def delete_server_certificate(call: Call, *, server_certificate_name: str) -> Result:
    """Delete a server certificate."""
    find_server_certificate(call.account_id, server_certificate_name).delete()
    return {}


def _free_name(call: Call, name: str, mover: ServerCertificate | None = None) -> None:
    holder = maybe(ServerCertificate, call.account_id, name)
    if holder is not None and holder != mover:
        raise EntityAlreadyExists(f"The Server Certificate with name {name} already exists.")


def _metadata(row: ServerCertificate) -> Result:
    return {
        "Path": row.path,
        "ServerCertificateName": row.name,
        "ServerCertificateId": row.pk,
        "Arn": row.arn,
        "UploadDate": row.created_at,
        "Expiration": row.expires_at,
    }
