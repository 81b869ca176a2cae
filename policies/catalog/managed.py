"""AWS managed policies: a cheap index of all of them, documents one block at a time."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from policies.catalog import archive
from policies.catalog.descriptions import DESCRIPTIONS

ARN_PREFIX = "arn:aws:iam::aws:policy"
JOB_FUNCTION_PATH = "/job-function/"


@dataclass(frozen=True, slots=True)
class ManagedPolicySummary:
    """One AWS managed policy without its document."""

    name: str
    path: str
    default_version_id: str
    create_date: datetime
    update_date: datetime
    block: int

    @property
    def arn(self) -> str:
        return f"{ARN_PREFIX}{self.path}{self.name}"

    @property
    def policy_id(self) -> str:
        """A stable id of AWS's shape (ANPA + 17), derived from the ARN: the source does not carry AWS's own."""
        return _policy_id(self.arn)

    @property
    def description(self) -> str:
        return DESCRIPTIONS.get(self.name, "")

    @property
    def is_job_function(self) -> bool:
        return self.path == JOB_FUNCTION_PATH


@cache  # pages list all of them, often more than once
def _policy_id(arn: str) -> str:
    digest = hashlib.sha256(arn.encode()).digest()
    return "ANPA" + base64.b32encode(digest).decode()[:17]


@dataclass(frozen=True, slots=True)
class ManagedPolicy:
    """One AWS managed policy with its document as JSON text."""

    summary: ManagedPolicySummary
    document: str


def all_policies() -> list[ManagedPolicySummary]:
    """Every AWS managed policy, sorted by name."""
    return list(_index().values())


def summary(arn: str) -> ManagedPolicySummary | None:
    return _index().get(arn)


def get(arn: str) -> ManagedPolicy | None:
    """The policy behind an ARN, or None when AWS has no such managed policy."""
    found = _index().get(arn)
    return ManagedPolicy(found, _text(found)) if found else None


def document(arn: str) -> str:
    """The default version's document as readable JSON; LookupError for an unknown ARN."""
    return _text(_known(arn))


def compact_document(arn: str) -> str:
    """The same without white space: what to hand to the engine, whose limit the longest would pass as readable JSON."""
    return json.dumps(_content(_known(arn)), separators=(",", ":"), ensure_ascii=False)


def is_job_function(arn: str) -> bool:
    return arn.startswith(ARN_PREFIX + JOB_FUNCTION_PATH)


def _known(arn: str) -> ManagedPolicySummary:
    found = _index().get(arn)
    if found is None:
        raise LookupError(f"no AWS managed policy `{arn}`")
    return found


def _content(policy: ManagedPolicySummary) -> dict[str, object]:
    return archive.read_block(policy.block)[policy.name]


def _text(policy: ManagedPolicySummary) -> str:
    return json.dumps(_content(policy), indent=4, ensure_ascii=False)


@cache
def _index() -> dict[str, ManagedPolicySummary]:
    return {policy.arn: policy for policy in map(_summary, archive.read_index())}


def _summary(row: archive.IndexRow) -> ManagedPolicySummary:
    created, updated = datetime.fromisoformat(row.created), datetime.fromisoformat(row.updated)
    return ManagedPolicySummary(row.name, row.path, row.version, created, updated, row.block)
