"""OpenID Connect providers, known by their URL. Nothing is fetched from it: thumbprints are those that were given."""

from __future__ import annotations

import re
from collections.abc import Sequence

from iamconsole.operations.call import Call
from iamconsole.operations.errors import EntityAlreadyExists, InvalidInput, NoSuchEntity, ValidationError
from iamconsole.operations.registry import Result, operation
from identities import propagation
from identities.models import OidcProvider, Tags
from identities.operations.refusals import no_identity_center
from identities.queries_providers import find_oidc, maybe_oidc
from identities.quotas import QUOTAS, exceeded, leave_room
from identities.tags import EXACT, as_given, by_key, checked
from identities.targets_providers import all_of, new_oidc_target, oidc_target, provider_context

INVALID_URL = "Invalid Open ID Connect Provider URL"
MOST_THUMBPRINTS = 5
# A host name and perhaps a path: no port, no user, no query, no fragment.
_URL = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:/[!-~]*)?", re.I)


@operation("iam:CreateOpenIDConnectProvider", resource=new_oidc_target, context=provider_context)
def create_open_id_connect_provider(
    call: Call,
    *,
    url: str,
    client_id_list: Sequence[str] = (),
    thumbprint_list: Sequence[str] = (),
    tags: Tags | None = None,
    context_provider: object = None,
    identity_center_instance_arn: str | None = None,
) -> Result:
    """Create an OpenID Connect identity provider for a URL."""
    no_identity_center(identity_center_instance_arn)
    name = _name(url)
    if OidcProvider.objects.of(call.account_id).filter(url=name).exists():
        raise EntityAlreadyExists(f"Provider with url {url} already exists.")
    leave_room("OpenIdConnectProvidersPerAccount", OidcProvider.objects.of(call.account_id).count())
    provider = OidcProvider.objects.create(
        account_id=call.account_id,
        url=name,
        client_ids=_client_ids(client_id_list),
        thumbprints=_thumbprints(thumbprint_list),
        tags=checked(tags, EXACT),
        context_provider=propagation.checked(context_provider),
        created_at=call.now,
    )
    return {"OpenIDConnectProviderArn": provider.arn, **as_given(provider.tags)}


@operation("iam:GetOpenIDConnectProvider", resource=oidc_target)
def get_open_id_connect_provider(call: Call, *, open_id_connect_provider_arn: str) -> Result:
    """Show an OpenID Connect provider with its client ids and thumbprints."""
    provider = find_oidc(call.account_id, open_id_connect_provider_arn)
    return {
        "Url": provider.url,
        "ClientIDList": provider.client_ids,
        "ThumbprintList": provider.thumbprints,
        "CreateDate": provider.created_at,
        **propagation.shown(provider.context_provider),
        "Tags": by_key(provider.tags, EXACT),
    }


@operation("iam:ListOpenIDConnectProviders", resource=all_of("oidc-provider"))
def list_open_id_connect_providers(call: Call) -> Result:
    """List the OpenID Connect providers of the account."""
    providers = OidcProvider.objects.of(call.account_id).order_by("url")
    return {"OpenIDConnectProviderList": [{"Arn": provider.arn} for provider in providers]}


@operation("iam:AddClientIDToOpenIDConnectProvider", resource=oidc_target)
def add_client_id(call: Call, *, open_id_connect_provider_arn: str, client_id: str) -> Result:
    """Add a client id, also called audience, to an OpenID Connect provider; one that is there may be added again."""
    provider = find_oidc(call.account_id, open_id_connect_provider_arn)
    provider.client_ids = _client_ids([*provider.client_ids, client_id])
    provider.save(update_fields=["client_ids"])
    return {}


@operation("iam:RemoveClientIDFromOpenIDConnectProvider", resource=oidc_target)
def remove_client_id(call: Call, *, open_id_connect_provider_arn: str, client_id: str) -> Result:
    """Remove a client id from an OpenID Connect provider; one that is not there does not matter."""
    provider = find_oidc(call.account_id, open_id_connect_provider_arn)
    provider.client_ids = [each for each in provider.client_ids if each != client_id]
    provider.save(update_fields=["client_ids"])
    return {}


@operation("iam:UpdateOpenIDConnectProvider", resource=oidc_target, context=propagation.enabling)
def update_open_id_connect_provider(
    call: Call,
    *,
    open_id_connect_provider_arn: str,
    context_provider: object = None,
    identity_center_instance_arn: str | None = None,
    remove_context_provider: bool = False,
    remove_identity_center_instance: bool = False,
) -> Result:
    """Set or remove what an OpenID Connect provider's tokens tell of the person behind a session."""
    no_identity_center(identity_center_instance_arn, remove_identity_center_instance)
    provider = find_oidc(call.account_id, open_id_connect_provider_arn)
    if not context_provider and not remove_context_provider:
        raise InvalidInput("Unable to update identity provider. No updates are defined.")
    kept = propagation.replaced(provider.context_provider, context_provider, remove=remove_context_provider)
    provider.context_provider = kept
    provider.save(update_fields=["context_provider"])
    return {}


@operation("iam:UpdateOpenIDConnectProviderThumbprint", resource=oidc_target)
def update_thumbprints(call: Call, *, open_id_connect_provider_arn: str, thumbprint_list: Sequence[str]) -> Result:
    """Replace the certificate thumbprints of an OpenID Connect provider."""
    provider = find_oidc(call.account_id, open_id_connect_provider_arn)
    if not thumbprint_list:
        raise InvalidInput("Thumbprint list must contain at least one entry.")
    provider.thumbprints = _thumbprints(thumbprint_list)
    provider.save(update_fields=["thumbprints"])
    return {}


@operation("iam:DeleteOpenIDConnectProvider", resource=oidc_target)
def delete_open_id_connect_provider(call: Call, *, open_id_connect_provider_arn: str) -> Result:
    """Delete an OpenID Connect provider; roles that trust it keep its ARN and can no longer be assumed through it."""
    provider = maybe_oidc(call.account_id, open_id_connect_provider_arn)
    if provider is None:
        # The API reference calls this idempotent; AWS was recorded to refuse, in words of its own.
        raise NoSuchEntity(f"OpenId connect Provider {open_id_connect_provider_arn} cannot be found.")
    provider.delete()
    return {}


def _name(url: str) -> str:
    """The URL without its scheme, as AWS shows and stores it; case and a closing slash count."""
    scheme, separator, rest = url.partition("://")
    if separator and rest and scheme != "https":
        raise InvalidInput(f"{INVALID_URL}. The URL must begin with https://.")
    if not separator or not _URL.fullmatch(rest) or "?" in rest or "#" in rest:
        raise ValidationError(INVALID_URL)
    return rest


def _client_ids(given: Sequence[str]) -> list[str]:
    once = list(dict.fromkeys(given))
    if len(once) > QUOTAS["ClientIdsPerOpenIdConnectProvider"]:
        raise exceeded("ClientIdsPerOpenIdConnectProvider")
    return once


def _thumbprints(given: Sequence[str]) -> list[str]:
    if len(given) > MOST_THUMBPRINTS:
        raise InvalidInput("Thumbprint list must contain fewer than 5 entries.")
    for each in given:
        if not re.fullmatch("[0-9a-fA-F]{40}", each):
            raise InvalidInput(f"Thumbprint {each} is not the SHA-1 of a certificate in hexadecimal digits.")
    return list(dict.fromkeys(each.lower() for each in given))
