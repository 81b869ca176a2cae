"""The console's own: the keys of an OpenID Connect provider. AWS fetches them from it; here nothing is fetched."""

from __future__ import annotations

from iamconsole.operations.call import Call
from iamconsole.operations.errors import InvalidInput
from iamconsole.operations.registry import Result, operation
from identities import jwks
from identities.queries_providers import find_oidc
from identities.targets_providers import oidc_target


@operation("iamconsole:PutOpenIDConnectProviderKeys", resource=oidc_target)
def put_provider_keys(call: Call, *, open_id_connect_provider_arn: str, key_set: str) -> Result:
    """Replace the public keys that tokens of an OpenID Connect provider are verified with."""
    provider = find_oidc(call.account_id, open_id_connect_provider_arn)
    try:
        provider.keys = jwks.read(key_set)
    except jwks.BadKeys as error:
        raise InvalidInput(str(error)) from None
    provider.save(update_fields=["keys"])
    return {"KeyIds": [key["kid"] for key in provider.keys]}
