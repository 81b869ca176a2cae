"""Identity providers and what an account has one of, as the provider handles them."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from tests.cast import ACCOUNT_ID
from tests.identities import papers
from tests.wire.kinds.base import Config, Gone, Kind, every, nothing, only, present, retag, tag_list, tags_of
from tests.wire.provider import ARN

OIDC = f"{ARN}:oidc-provider/oidc.example.com/tf"


def _create_oidc(iam: Any, config: Config) -> str:
    """Lists are sent also when they are empty."""
    made = iam.create_open_id_connect_provider(
        Url=config["url"],
        ClientIDList=config["clients"],
        ThumbprintList=config["thumbprints"],
        **present(Tags=tag_list(config["tags"])),
    )
    arn: str = made["OpenIDConnectProviderArn"]
    return arn


def _read_oidc(iam: Any, arn: str) -> Config:
    """The scheme of the URL may lack; client ids are a set, thumbprints a list."""
    shown = iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    return {
        "url": f"https://{shown['Url'].removeprefix('https://')}",
        "clients": sorted(shown["ClientIDList"]),
        "thumbprints": shown["ThumbprintList"],
        "tags": tags_of(shown),
    }


def _update_oidc(iam: Any, arn: str, old: Config, new: Config) -> str:
    named = {"OpenIDConnectProviderArn": arn}
    retag(iam, "open_id_connect_provider", old, new, **named)
    if old["thumbprints"] != new["thumbprints"]:
        iam.update_open_id_connect_provider_thumbprint(**named, ThumbprintList=new["thumbprints"])
    for client_id in set(new["clients"]) - set(old["clients"]):
        iam.add_client_id_to_open_id_connect_provider(**named, ClientID=client_id)
    for client_id in set(old["clients"]) - set(new["clients"]):
        iam.remove_client_id_from_open_id_connect_provider(**named, ClientID=client_id)
    return arn


def _add_client(iam: Any, config: Config) -> str:
    iam.add_client_id_to_open_id_connect_provider(OpenIDConnectProviderArn=OIDC, ClientID=config["client"])
    return f"{OIDC},{config['client']}"


def _read_client(iam: Any, name: str) -> Config:
    arn, _, client = name.partition(",")
    shown = iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)["ClientIDList"]
    return {"client": only([each for each in shown if each == client])}


def _remove_client(iam: Any, name: str, config: Config) -> None:
    iam.remove_client_id_from_open_id_connect_provider(OpenIDConnectProviderArn=OIDC, ClientID=config["client"])


def _create_saml(iam: Any, config: Config) -> str:
    given = {"Name": config["name"], "SAMLMetadataDocument": config["metadata"]}
    arn: str = iam.create_saml_provider(**given, **present(Tags=tag_list(config["tags"])))["SAMLProviderArn"]
    return arn


def _read_saml(iam: Any, arn: str) -> Config:
    """The document is compared character by character; the UUID only has to be there."""
    shown = iam.get_saml_provider(SAMLProviderArn=arn)
    assert shown["SAMLProviderUUID"]
    name = arn.partition(":saml-provider/")[2]
    return {"name": name, "metadata": shown["SAMLMetadataDocument"], "tags": tags_of(shown)}


def _update_saml(iam: Any, arn: str, old: Config, new: Config) -> str:
    retag(iam, "saml_provider", old, new, SAMLProviderArn=arn)
    if old["metadata"] != new["metadata"]:
        iam.update_saml_provider(SAMLProviderArn=arn, SAMLMetadataDocument=new["metadata"])
    return arn


def _put_passwords(iam: Any, config: Config) -> str:
    """What is not said, false or naught is not sent, and then AWS's default counts."""
    iam.update_account_password_policy(**present(**config))
    return "iam-account-password-policy"


def _read_passwords(iam: Any, name: str) -> Config:
    shown = iam.get_account_password_policy()["PasswordPolicy"]
    assert shown.pop("ExpirePasswords") is bool(shown.get("MaxPasswordAge"))
    return {member: value for member, value in shown.items() if value}


def _update_passwords(iam: Any, name: str, old: Config, new: Config) -> str:
    return _put_passwords(iam, new)


def _create_alias(iam: Any, config: Config) -> str:
    iam.create_account_alias(AccountAlias=config["alias"])
    alias: str = config["alias"]
    return alias


def _set_tokens(iam: Any, config: Config) -> str:
    iam.set_security_token_service_preferences(GlobalEndpointTokenVersion=config["version"])
    return ACCOUNT_ID


def _read_tokens(iam: Any, name: str) -> Config:
    version = iam.get_account_summary()["SummaryMap"]["GlobalEndpointTokenVersion"]
    return {"version": f"v{version}Token"}


_SWITCHES = {
    "RootCredentialsManagement": "organizations_root_credentials_management",
    "RootSessions": "organizations_root_sessions",
}


def _set_features(iam: Any, name: str, old: Config, new: Config) -> str:
    for feature in [each for each in _SWITCHES if each in new["features"] and each not in old["features"]]:
        getattr(iam, f"enable_{_SWITCHES[feature]}")()
    for feature in [each for each in _SWITCHES if each in old["features"] and each not in new["features"]]:
        getattr(iam, f"disable_{_SWITCHES[feature]}")()
    organization: str = iam.list_organizations_features()["OrganizationId"]
    return organization


def _read_features(iam: Any, name: str) -> Config:
    shown = iam.list_organizations_features()
    if not shown.get("EnabledFeatures"):
        raise Gone
    assert shown["OrganizationId"] == name
    return {"features": sorted(shown["EnabledFeatures"])}


def _enable_outbound(iam: Any, config: Config) -> str:
    """Where it is on already, it is taken over."""
    found = iam.enable_outbound_web_identity_federation()["IssuerIdentifier"]
    assert _code(iam.enable_outbound_web_identity_federation) == "FeatureEnabled"
    issuer: str = found
    return issuer


def _read_outbound(iam: Any, name: str) -> Config:
    if _code(iam.get_outbound_web_identity_federation_info) == "FeatureDisabled":
        raise Gone
    shown = iam.get_outbound_web_identity_federation_info()
    return {"enabled": shown["JwtVendingEnabled"], "own": shown["IssuerIdentifier"] == name}


def _code(call: Any) -> str:
    try:
        call()
    except ClientError as error:
        code: str = error.response["Error"]["Code"]
        return code
    return ""


_FIRST, _SECOND = "9e99a48a9960b14926bb7f3b02e22da2b0ab7280", "1c58a3a8518e8759bf075b76b750d4f2df264fcd"
_URL = {"url": "https://idp.example.com/tf", "clients": [], "thumbprints": [], "tags": {"a": "1"}}
_SAML = {"name": "made", "metadata": papers.metadata() + "\n", "tags": {"a": "1"}}
_PASSWORDS = {"AllowUsersToChangePassword": True, "MinimumPasswordLength": 12, "RequireSymbols": True}
_BOTH = ["RootCredentialsManagement", "RootSessions"]
KINDS = (
    Kind(
        "aws_iam_openid_connect_provider",
        (
            _URL,
            {**_URL, "clients": ["a", "b"], "thumbprints": [_FIRST, _SECOND]},
            {**_URL, "clients": ["b", "c"], "thumbprints": [_SECOND, _FIRST], "tags": {}},
        ),
        _create_oidc,
        _read_oidc,
        lambda iam, arn, config: iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=arn),
        _update_oidc,
    ),
    Kind(
        "aws_iam_openid_connect_provider_client_id",
        ({"client": "one"}, {"client": "https://app.example.com/?two"}),
        _add_client,
        _read_client,
        _remove_client,
    ),
    Kind(
        "aws_iam_saml_provider",
        (_SAML, {**_SAML, "metadata": papers.metadata("2031-01-01T00:00:00Z"), "tags": {"b": "2"}}),
        _create_saml,
        _read_saml,
        lambda iam, arn, config: iam.delete_saml_provider(SAMLProviderArn=arn),
        _update_saml,
    ),
    Kind(
        "aws_iam_account_password_policy",
        (
            _PASSWORDS,
            {**_PASSWORDS, "MaxPasswordAge": 90, "PasswordReusePrevention": 5, "HardExpiry": True},
            {"MinimumPasswordLength": 6, "RequireNumbers": True, "RequireUppercaseCharacters": True},
        ),
        _put_passwords,
        _read_passwords,
        lambda iam, name, config: iam.delete_account_password_policy(),
        _update_passwords,
    ),
    Kind(
        "aws_iam_account_alias",
        ({"alias": "tf-lab"}, {"alias": "tf-lab-2"}),
        _create_alias,
        lambda iam, name: {"alias": only(every(iam, "list_account_aliases", "AccountAliases"))},
        lambda iam, name, config: iam.delete_account_alias(AccountAlias=name),
    ),
    Kind(
        "aws_iam_security_token_service_preferences",
        ({"version": "v2Token"}, {"version": "v1Token"}),
        _set_tokens,
        _read_tokens,
        nothing,
        lambda iam, name, old, new: _set_tokens(iam, new),
        is_kept=True,
    ),
    Kind(
        "aws_iam_organizations_features",
        ({"features": _BOTH}, {"features": _BOTH[:1]}, {"features": _BOTH[1:]}),
        lambda iam, config: _set_features(iam, "", {"features": []}, config),
        _read_features,
        lambda iam, name, config: _set_features(iam, name, config, {"features": []}),
        _set_features,
    ),
    Kind(
        "aws_iam_outbound_web_identity_federation",
        ({"enabled": True, "own": True},),
        _enable_outbound,
        _read_outbound,
        lambda iam, name, config: iam.disable_outbound_web_identity_federation(),
    ),
)
