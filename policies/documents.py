"""Policy documents as they come in: held against AWS's grammar, then kept exactly as sent."""

from __future__ import annotations

from iamconsole.operations.errors import MalformedPolicyDocument
from policies.engine.validate import DocumentKind, MalformedPolicy, validate_document


def need_valid(text: str, kind: DocumentKind = DocumentKind.IDENTITY) -> None:
    """AWS's MalformedPolicyDocument for a text that AWS would not take."""
    try:
        validate_document(text, kind)
    except MalformedPolicy as problem:
        raise MalformedPolicyDocument(str(problem)) from problem
