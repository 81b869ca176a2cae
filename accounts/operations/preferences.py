"""Settings of the account that AWS keeps by name: the version of STS's global tokens, and account properties.

Source: IAM API reference, SetSecurityTokenServicePreferences, GetAccountProperties and PutAccountProperties.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from accounts.models import Preferences
from iamconsole.operations.call import Call
from iamconsole.operations.errors import InvalidInput
from iamconsole.operations.registry import Asked, ContextValue, Result, operation

VERSIONS = {"v1Token": 1, "v2Token": 2}
LONGEST_KEY, LONGEST_VALUE, MOST = 50, 1_024, 100
_KEY = re.compile(r"(?P<namespace>[A-Za-z][A-Za-z0-9_-]*)/[A-Za-z0-9_-]+")


def token_version(account_id: str) -> int:
    """1 or 2; GetAccountSummary shows it. Tokens of this installation are valid wherever it is reached."""
    found = Preferences.objects.of(account_id).values_list("token_version", flat=True).first()
    return found or 1


@operation("iam:SetSecurityTokenServicePreferences")
def set_security_token_service_preferences(call: Call, *, global_endpoint_token_version: str) -> Result:
    """Choose the version of the tokens that the global endpoint of STS issues."""
    kept = _kept(call)
    kept.token_version = VERSIONS[global_endpoint_token_version]
    kept.save()
    return {}


def namespaces_context(asked: Asked) -> Mapping[str, ContextValue]:
    """`iam:AccountPropertyNamespaces` of a call that sets properties."""
    given = asked.inputs.get("Properties")
    return {"iam:AccountPropertyNamespaces": _namespaces(given)} if isinstance(given, Mapping) and given else {}


@operation("iam:GetAccountProperties")
def get_account_properties(call: Call) -> Result:
    """Show the properties that were set for the account."""
    kept = Preferences.objects.of(call.account_id).first()
    return {"Properties": dict(sorted(kept.properties.items())) if kept else {}}


@operation("iam:PutAccountProperties", context=namespaces_context)
def put_account_properties(call: Call, *, properties: Mapping[str, str]) -> Result:
    """Set properties of the account, all of one namespace; those not named stay."""
    _check(properties)
    kept = _kept(call)
    kept.properties = {**kept.properties, **properties}
    if len(kept.properties) > MOST:
        raise InvalidInput(f"An account can have up to {MOST} properties.")
    kept.save()
    return {}


def _kept(call: Call) -> Preferences:
    return Preferences.objects.of(call.account_id).first() or Preferences(account_id=call.account_id)


def _check(properties: Mapping[str, str]) -> None:
    if not properties:
        raise InvalidInput("At least one property must be specified.")
    for key, value in properties.items():
        if len(key) > LONGEST_KEY or not _KEY.fullmatch(key):
            raise InvalidInput(f"The property key {key[:LONGEST_KEY]} is not of the form Namespace/PropertyName.")
        if not isinstance(value, str) or not 1 <= len(value) <= LONGEST_VALUE:
            raise InvalidInput(f"The value of {key} must have 1 to {LONGEST_VALUE} characters.")
    if len(_namespaces(properties)) > 1:
        raise InvalidInput("All properties of a request must belong to the same namespace.")


def _namespaces(properties: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key.partition("/")[0] for key in properties))
