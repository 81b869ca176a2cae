"""Encoded authorization messages: the whole of a decision, sealed for its account, as EC2 hands it out with a refusal.

Source: STS API reference, DecodeAuthorizationMessage.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Mapping

from iamconsole.operations.errors import ApiError, InvalidInput
from iamconsole.operations.secrets import Secret
from iamconsole.sealing import SealBroken, seal, unseal

# What DecodeAuthorizationMessage takes, by the service model.
LONGEST = 10_240


class InvalidAuthorizationMessage(ApiError):
    code, status = "InvalidAuthorizationMessageException", 400

    def __init__(self) -> None:
        super().__init__("Message is not valid")


def encode(message: Mapping[str, object], account_id: str) -> str:
    """The message as text that only this account can have decoded. Raises InvalidInput when it grows too long."""
    packed = base64.b64encode(zlib.compress(json.dumps(message).encode(), 9)).decode()
    encoded = base64.urlsafe_b64encode(seal(Secret(packed), _place(account_id)).encode()).decode()
    if len(encoded) > LONGEST:
        raise InvalidInput("The decision is too long for an encoded message.")
    return encoded


def decode(text: str, account_id: str) -> str:
    """The message as JSON. Raises InvalidAuthorizationMessage for anything that `encode` did not make for the account.

    What the seal lets through was made here, so it is no bomb.
    """
    try:
        packed = unseal(base64.urlsafe_b64decode(text.encode()).decode(), _place(account_id)).reveal()
        return zlib.decompress(base64.b64decode(packed)).decode()
    except (SealBroken, ValueError, binascii.Error, zlib.error):
        raise InvalidAuthorizationMessage from None


def message_of(record: Mapping[str, object], decision: Mapping[str, object]) -> dict[str, object]:
    """AWS's message out of an event and the decision kept with it."""
    identity, asked = _mapping(record.get("userIdentity")), _mapping(decision.get("request"))
    outcome = decision.get("decision")
    return {
        "allowed": outcome == "Allowed",
        "explicitDeny": outcome == "ExplicitlyDenied",
        "matchedStatements": _items(_matched(decision)),
        "failures": _items([]),
        "context": {
            "principal": {"id": identity.get("principalId"), "arn": identity.get("arn")},
            "action": asked.get("action"),
            "resource": asked.get("resource"),
            "conditions": _items(_conditions(_mapping(asked.get("context")))),
        },
    }


def _matched(decision: Mapping[str, object]) -> list[object]:
    """The statements that applied, with the policy each is from."""
    found: list[object] = []
    for layer in _list(decision.get("layers")):
        for policy in _list(layer.get("policies")):
            source = _mapping(policy.get("source"))
            applied = [each for each in _list(policy.get("statements")) if each.get("applied")]
            found += [
                {
                    "statementId": each.get("sid"),
                    "effect": str(each.get("effect")).upper(),
                    "sourcePolicyId": source.get("name"),
                    "sourcePolicyType": source.get("kind"),
                }
                for each in applied
            ]
    return found


def _conditions(context: Mapping[str, object]) -> list[object]:
    return [
        {"key": key, "values": _items([{"value": each} for each in (value if isinstance(value, list) else [value])])}
        for key, value in context.items()
    ]


def _place(account_id: str) -> str:
    return f"authorization_message|{account_id}"


def _items(values: list[object]) -> dict[str, object]:
    return {"items": values}


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> list[Mapping[str, object]]:
    return value if isinstance(value, list) else []
