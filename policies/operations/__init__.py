"""The verbs of policies; importing them registers them."""

from policies.operations import (
    account_details,
    attachments,
    boundaries,
    entities,
    inline,
    organization_access,
    policies,
    service_access,
    simulate,
    simulate_custom,
    tags,
    versions,
)

__all__ = [
    "account_details",
    "attachments",
    "boundaries",
    "entities",
    "inline",
    "organization_access",
    "policies",
    "service_access",
    "simulate",
    "simulate_custom",
    "tags",
    "versions",
]
