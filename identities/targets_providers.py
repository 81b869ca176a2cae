"""What a call about a provider or a server certificate is about, for its permission."""

from __future__ import annotations

from collections.abc import Mapping

from iamconsole.operations.registry import Asked, ContextValue, Resolve, Target
from identities import propagation
from identities.models import OidcProvider, SamlProvider, ServerCertificate
from identities.queries import maybe
from identities.queries_providers import maybe_oidc, maybe_saml
from identities.tags import as_mapping
from identities.targets import tags_context

SAML, OIDC = "AWS::IAM::SAMLProvider", "AWS::IAM::OIDCProvider"
CERTIFICATE = "AWS::IAM::ServerCertificate"


def saml_target(asked: Asked) -> Target:
    """The provider in `SAMLProviderArn`."""
    arn = asked.text("SAMLProviderArn")
    return _provider(arn, SAML, maybe_saml(asked.account_id, arn))


def oidc_target(asked: Asked) -> Target:
    """The provider in `OpenIDConnectProviderArn`."""
    arn = asked.text("OpenIDConnectProviderArn")
    return _provider(arn, OIDC, maybe_oidc(asked.account_id, arn))


def _provider(arn: str, kind: str, row: SamlProvider | OidcProvider | None) -> Target:
    name = arn.partition("-provider/")[2]
    return Target(arn, tags=as_mapping(row.tags if row else []), type=kind, name=name)


def new_saml_target(asked: Asked) -> Target:
    """The SAML provider about to be made."""
    name = asked.text("Name")
    return Target(f"arn:aws:iam::{asked.account_id}:saml-provider/{name}", type=SAML, name=name)


def new_oidc_target(asked: Asked) -> Target:
    """The OpenID Connect provider about to be made."""
    name = asked.text("Url").removeprefix("https://")
    return Target(f"arn:aws:iam::{asked.account_id}:oidc-provider/{name}", type=OIDC, name=name)


def all_of(arn_type: str) -> Resolve:
    """Every resource of a kind: `saml-provider/*`."""

    def resolve(asked: Asked) -> Target:
        return Target(f"arn:aws:iam::{asked.account_id}:{arn_type}/*")

    return resolve


def new_certificate_target(asked: Asked) -> Target:
    """The server certificate about to be uploaded, under its path."""
    name, path = asked.text("ServerCertificateName"), asked.text("Path") or "/"
    arn = f"arn:aws:iam::{asked.account_id}:{ServerCertificate.arn_type}{path}{name}"
    return Target(arn, type=CERTIFICATE, name=name)


def certificate_target(asked: Asked) -> Target:
    """The server certificate in `ServerCertificateName`."""
    name = asked.text("ServerCertificateName")
    label = f"server certificate {name}"
    row = maybe(ServerCertificate, asked.account_id, name)
    if row is not None:
        return certificate_row_target(row, label)
    arn = f"arn:aws:iam::{asked.account_id}:{ServerCertificate.arn_type}/{name}"
    return Target(arn, label, type=CERTIFICATE, name=name)


def certificate_row_target(row: ServerCertificate, label: str = "") -> Target:
    """A server certificate under the name and path it has, or is to have."""
    return Target(row.arn, label, as_mapping(row.tags), CERTIFICATE, row.name)


def provider_context(asked: Asked) -> Mapping[str, ContextValue]:
    """The tags of a new provider, and whether it is to propagate identities."""
    return {**tags_context(asked), **propagation.enabling(asked)}
