"""DecodeAuthorizationMessage, and the console's own way to such a message.

No IAM or STS refusal carries an encoded message, in AWS neither: the services that send them are not served here.
"""

from __future__ import annotations

from uuid import UUID

from iamconsole.events.models import Event
from iamconsole.operations.call import Call
from iamconsole.operations.errors import NoSuchEntity
from iamconsole.operations.registry import Result, operation
from identities import authorization_messages
from identities.assuming import not_for_federated_users


@operation("sts:DecodeAuthorizationMessage", guard=not_for_federated_users)
def decode_authorization_message(call: Call, *, encoded_message: str) -> Result:
    """Show the decision that an encoded authorization message holds."""
    return {"DecodedMessage": authorization_messages.decode(encoded_message, call.account_id)}


@operation("iamconsole:GetAuthorizationMessage")
def get_authorization_message(call: Call, *, event_id: str) -> Result:
    """Encode the decision on a recorded call, in the form in which EC2 hands it out with a refusal."""
    found = _id(event_id)
    event = Event.objects.filter(account_id=call.account_id, event_id=found).first() if found else None
    if event is None or event.decision is None:
        raise NoSuchEntity(f"The decision of event {event_id} cannot be found.")
    message = authorization_messages.message_of(event.record, event.decision)
    return {"EncodedMessage": authorization_messages.encode(message, call.account_id)}


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
