"""Providers and server certificates by what AWS calls them; another account's are as good as absent."""

from __future__ import annotations

from iamconsole.operations.errors import NoSuchEntity
from identities.models import OidcProvider, SamlProvider, ServerCertificate
from identities.queries import maybe


def maybe_saml(account_id: str, arn: str) -> SamlProvider | None:
    """The SAML provider of that ARN; None where the account has none."""
    name = _after(f"arn:aws:iam::{account_id}:saml-provider/", arn)
    found: SamlProvider | None = SamlProvider.objects.of(account_id).filter(name=name).first()
    return found


def find_saml(account_id: str, arn: str) -> SamlProvider:
    """The SAML provider of that ARN; AWS's NoSuchEntity where there is none."""
    found = maybe_saml(account_id, arn)
    if found is None:
        raise NoSuchEntity(f"Manifest not found for arn {arn}")
    return found


def maybe_oidc(account_id: str, arn: str) -> OidcProvider | None:
    """The OpenID Connect provider of that ARN; None where the account has none."""
    url = _after(f"arn:aws:iam::{account_id}:oidc-provider/", arn)
    found: OidcProvider | None = OidcProvider.objects.of(account_id).filter(url=url).first()
    return found


def find_oidc(account_id: str, arn: str) -> OidcProvider:
    """The OpenID Connect provider of that ARN; AWS's NoSuchEntity where there is none."""
    found = maybe_oidc(account_id, arn)
    if found is None:
        raise NoSuchEntity(f"OpenIDConnect Provider not found for arn {arn}")
    return found


def find_server_certificate(account_id: str, name: str) -> ServerCertificate:
    """The server certificate; AWS's NoSuchEntity where there is none."""
    found = maybe(ServerCertificate, account_id, name)
    if found is None:
        raise NoSuchEntity(f"The Server Certificate with name {name} cannot be found.")
    return found


def _after(prefix: str, arn: str) -> str:
    return arn.removeprefix(prefix) if arn.startswith(prefix) else ""
