"""Tags on identity providers and server certificates."""

from __future__ import annotations

from collections.abc import Sequence

from iamconsole.operations.call import Call
from iamconsole.operations.registry import Result, operation
from identities.models import OidcProvider, SamlProvider, ServerCertificate, Tags
from identities.operations.shared import page_of_tags
from identities.queries_providers import find_oidc, find_saml, find_server_certificate
from identities.tags import EXACT, merged, without
from identities.targets import tag_keys_context, tags_context
from identities.targets_providers import certificate_target, oidc_target, saml_target

Tagged = OidcProvider | SamlProvider | ServerCertificate


@operation("iam:TagSAMLProvider", resource=saml_target, context=tags_context)
def tag_saml_provider(call: Call, *, saml_provider_arn: str, tags: Tags) -> Result:
    """Add tags to a SAML provider, or change their values."""
    return _tag(find_saml(call.account_id, saml_provider_arn), tags)


@operation("iam:UntagSAMLProvider", resource=saml_target, context=tag_keys_context)
def untag_saml_provider(call: Call, *, saml_provider_arn: str, tag_keys: Sequence[str]) -> Result:
    """Remove tags from a SAML provider."""
    return _untag(find_saml(call.account_id, saml_provider_arn), tag_keys)


@operation("iam:ListSAMLProviderTags", resource=saml_target)
def list_saml_provider_tags(
    call: Call, *, saml_provider_arn: str, marker: str | None = None, max_items: int | None = None
) -> Result:
    """List the tags of a SAML provider."""
    return _list(call, find_saml(call.account_id, saml_provider_arn), marker, max_items)


@operation("iam:TagOpenIDConnectProvider", resource=oidc_target, context=tags_context)
def tag_oidc_provider(call: Call, *, open_id_connect_provider_arn: str, tags: Tags) -> Result:
    """Add tags to an OpenID Connect provider, or change their values."""
    return _tag(find_oidc(call.account_id, open_id_connect_provider_arn), tags)


@operation("iam:UntagOpenIDConnectProvider", resource=oidc_target, context=tag_keys_context)
def untag_oidc_provider(call: Call, *, open_id_connect_provider_arn: str, tag_keys: Sequence[str]) -> Result:
    """Remove tags from an OpenID Connect provider."""
    return _untag(find_oidc(call.account_id, open_id_connect_provider_arn), tag_keys)


@operation("iam:ListOpenIDConnectProviderTags", resource=oidc_target)
def list_oidc_provider_tags(
    call: Call, *, open_id_connect_provider_arn: str, marker: str | None = None, max_items: int | None = None
) -> Result:
    """List the tags of an OpenID Connect provider."""
    return _list(call, find_oidc(call.account_id, open_id_connect_provider_arn), marker, max_items)


@operation("iam:TagServerCertificate", resource=certificate_target, context=tags_context)
def tag_server_certificate(call: Call, *, server_certificate_name: str, tags: Tags) -> Result:
    """Add tags to a server certificate, or change their values."""
    return _tag(find_server_certificate(call.account_id, server_certificate_name), tags)


@operation("iam:UntagServerCertificate", resource=certificate_target, context=tag_keys_context)
def untag_server_certificate(call: Call, *, server_certificate_name: str, tag_keys: Sequence[str]) -> Result:
    """Remove tags from a server certificate."""
    return _untag(find_server_certificate(call.account_id, server_certificate_name), tag_keys)


@operation("iam:ListServerCertificateTags", resource=certificate_target)
def list_server_certificate_tags(
    call: Call, *, server_certificate_name: str, marker: str | None = None, max_items: int | None = None
) -> Result:
    """List the tags of a server certificate."""
    return _list(call, find_server_certificate(call.account_id, server_certificate_name), marker, max_items)


def _tag(row: Tagged, tags: Tags) -> Result:
    row.tags = merged(row.tags, tags, EXACT)
    row.save(update_fields=["tags"])
    return {}


def _untag(row: Tagged, keys: Sequence[str]) -> Result:
    row.tags = without(row.tags, keys, EXACT)
    row.save(update_fields=["tags"])
    return {}


def _list(call: Call, row: Tagged, marker: str | None, max_items: int | None) -> Result:
    return page_of_tags(call, row.tags, EXACT, marker, max_items)
