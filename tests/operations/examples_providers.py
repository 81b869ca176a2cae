"""One working call of every operation of identity providers and server certificates."""

from __future__ import annotations

from collections.abc import Mapping

from tests.cast import ACCOUNT_ID
from tests.identities import papers
from tests.operations.example import Example
from tests.operations.examples_identities import TAGS, do

PREFIX = f"arn:aws:iam::{ACCOUNT_ID}"
SAML: Mapping[str, object] = {"SAMLProviderArn": f"{PREFIX}:saml-provider/school"}
OIDC: Mapping[str, object] = {"OpenIDConnectProviderArn": f"{PREFIX}:oidc-provider/idp.example.com/lab"}
CERTIFICATE: Mapping[str, object] = {"ServerCertificateName": "www"}
THUMBPRINT = "9e99a48a9960b14926bb7f3b02e22da2b0ab7280"


def saml() -> None:
    do("CreateSAMLProvider", Name="school", SAMLMetadataDocument=papers.metadata(), Tags=TAGS)


def oidc() -> None:
    do(
        "CreateOpenIDConnectProvider",
        Url="https://idp.example.com/lab",
        ClientIDList=["app"],
        ThumbprintList=[THUMBPRINT],
        Tags=TAGS,
    )


def certificate() -> None:
    do(
        "UploadServerCertificate",
        **CERTIFICATE,
        CertificateBody=papers.certificate(),
        PrivateKey=papers.private_pem(),
        Tags=TAGS,
    )


EXAMPLES: dict[str, Example] = {
    "iam:CreateSAMLProvider": Example(
        {"Name": "school", "SAMLMetadataDocument": papers.metadata(), "AddPrivateKey": papers.private_pem()}
    ),
    "iam:GetSAMLProvider": Example(SAML, saml),
    "iam:ListSAMLProviders": Example({}, saml),
    "iam:UpdateSAMLProvider": Example({**SAML, "SAMLMetadataDocument": papers.metadata("2030-01-01")}, saml),
    "iam:DeleteSAMLProvider": Example(SAML, saml),
    "iam:TagSAMLProvider": Example({**SAML, "Tags": TAGS}, saml),
    "iam:UntagSAMLProvider": Example({**SAML, "TagKeys": ["team"]}, saml),
    "iam:ListSAMLProviderTags": Example(SAML, saml),
    "iam:CreateOpenIDConnectProvider": Example({"Url": "https://idp.example.com/lab", "Tags": TAGS}),
    "iam:GetOpenIDConnectProvider": Example(OIDC, oidc),
    "iam:ListOpenIDConnectProviders": Example({}, oidc),
    "iam:AddClientIDToOpenIDConnectProvider": Example({**OIDC, "ClientID": "web"}, oidc),
    "iam:RemoveClientIDFromOpenIDConnectProvider": Example({**OIDC, "ClientID": "app"}, oidc),
    "iam:UpdateOpenIDConnectProvider": Example({**OIDC, "ContextProvider": {"SubjectSourceKey": "sub"}}, oidc),
    "iam:UpdateOpenIDConnectProviderThumbprint": Example({**OIDC, "ThumbprintList": ["0" * 40]}, oidc),
    "iam:DeleteOpenIDConnectProvider": Example(OIDC, oidc),
    "iam:TagOpenIDConnectProvider": Example({**OIDC, "Tags": TAGS}, oidc),
    "iam:UntagOpenIDConnectProvider": Example({**OIDC, "TagKeys": ["team"]}, oidc),
    "iam:ListOpenIDConnectProviderTags": Example(OIDC, oidc),
    "iam:UploadServerCertificate": Example(
        {**CERTIFICATE, "CertificateBody": papers.certificate(), "PrivateKey": papers.private_pem(), "Tags": TAGS}
    ),
    "iam:GetServerCertificate": Example(CERTIFICATE, certificate),
    "iam:ListServerCertificates": Example({"PathPrefix": "/"}, certificate),
    "iam:UpdateServerCertificate": Example({**CERTIFICATE, "NewServerCertificateName": "web"}, certificate),
    "iam:DeleteServerCertificate": Example(CERTIFICATE, certificate),
    "iam:TagServerCertificate": Example({**CERTIFICATE, "Tags": TAGS}, certificate),
    "iam:UntagServerCertificate": Example({**CERTIFICATE, "TagKeys": ["team"]}, certificate),
    "iam:ListServerCertificateTags": Example(CERTIFICATE, certificate),
}
