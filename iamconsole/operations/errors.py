"""AWS's errors: a code, an HTTP status and a text. Pages and the wire show the same three."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from policies.engine import Decision


class ApiError(Exception):
    """An answer AWS gives instead of a result; `code` and `status` are the service model's."""

    code = "ServiceFailure"
    status = 500

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class ValidationError(ApiError):
    code, status = "ValidationError", 400


class InvalidAction(ApiError):
    code, status = "InvalidAction", 400


class InvalidInput(ApiError):
    code, status = "InvalidInput", 400


class NoSuchEntity(ApiError):
    code, status = "NoSuchEntity", 404


class EntityAlreadyExists(ApiError):
    code, status = "EntityAlreadyExists", 409


class DeleteConflict(ApiError):
    code, status = "DeleteConflict", 409


class LimitExceeded(ApiError):
    code, status = "LimitExceeded", 409


class MalformedPolicyDocument(ApiError):
    code, status = "MalformedPolicyDocument", 400


class PasswordPolicyViolation(ApiError):
    code, status = "PasswordPolicyViolation", 400


class InvalidAuthenticationCode(ApiError):
    code, status = "InvalidAuthenticationCode", 403


class UnmodifiableEntity(ApiError):
    code, status = "UnmodifiableEntity", 400


class AccessDenied(ApiError):
    """Refused by policy: who, what, on what, and why; `event_id` leads to the whole explanation."""

    code, status = "AccessDenied", 403

    def __init__(
        self,
        message: str,
        decision: Decision | None = None,
        *,
        caller_arn: str = "",
        action: str = "",
        resource: str = "",
        reason: str = "",
        event_id: str = "",
    ) -> None:
        super().__init__(message)
        self.decision, self.caller_arn, self.action = decision, caller_arn, action
        self.resource, self.reason, self.event_id = resource, reason, event_id
