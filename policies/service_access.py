"""Which services a policy reaches, by its Allow statements: as on AWS, conditions, denials and boundaries do not count.

Source: IAM user guide, "Refine permissions using last accessed information" (access_policies_last-accessed).
"""

from __future__ import annotations

from policies.engine import Document
from policies.engine.action import Actions
from policies.engine.wildcard import glob_text


def reaches(document: Document, service: str) -> bool:
    """Whether some statement allows something in a service (its prefix, as in `s3:`)."""
    return any(
        not statement.deny and statement.actions is not None and _may_mean(statement.actions, service.lower())
        for statement in document.statements
    )


def allows(document: Document, action: str) -> bool:
    """Whether some statement allows an action on something."""
    return any(
        not statement.deny and statement.actions is not None and statement.actions.matches(action.lower())
        for statement in document.statements
    )


def _may_mean(actions: Actions, service: str) -> bool:
    if actions.negated:
        return not any(pattern.matches(f"{service}:*") for pattern in actions.patterns)
    return any(
        pattern.service == service
        if pattern.service is not None
        else glob_text(pattern.raw.lower().partition(":")[0])(service)
        for pattern in actions.patterns
    )
