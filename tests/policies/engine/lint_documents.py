"""How lint tests write documents and read findings."""

from __future__ import annotations

import json
from typing import Any

from policies.catalog.facts import facts
from policies.engine.lint import DocumentKind, Finding, lint_document

ABSENT = object()


def statement(**changes: Any) -> dict[str, Any]:
    """A statement without findings, with some elements changed, or taken away by ABSENT."""
    full = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"} | changes
    return {name: value for name, value in full.items() if value is not ABSENT}


def trust(**changes: Any) -> dict[str, Any]:
    who = {"AWS": "arn:aws:iam::111122223333:user/alice"}
    return statement(**({"Action": "sts:AssumeRole", "Resource": ABSENT, "Principal": who} | changes))


def policy(*statements: Any, **top: Any) -> str:
    full = {"Version": "2012-10-17", "Statement": list(statements)} | top
    return json.dumps({name: value for name, value in full.items() if value is not ABSENT}, ensure_ascii=False)


def lint(
    *statements: Any, kind: DocumentKind = DocumentKind.IDENTITY, account_id: str | None = None, **top: Any
) -> list[Finding]:
    return lint_document(policy(*statements, **top), kind, facts(), account_id=account_id)


def codes(*statements: Any, kind: DocumentKind = DocumentKind.IDENTITY, **top: Any) -> set[str]:
    return {finding.code for finding in lint(*statements, kind=kind, **top)}
