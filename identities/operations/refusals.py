"""What several credentials and providers refuse alike."""

from __future__ import annotations

from iamconsole.operations.errors import InvalidInput


def wants_active(status: str, what: str) -> bool:
    """Whether a status asked for is Active; AWS's model also knows Expired, which time alone sets."""
    if status == "Expired":
        raise InvalidInput(f"The status of {what} can be set to Active or Inactive.")
    return status == "Active"


def no_identity_center(*given: object) -> None:
    """There is no IAM Identity Center here: its members are refused, not ignored."""
    if any(given):
        raise InvalidInput("IAM Identity Center instances are not supported.")
