"""The document around a statement that decided, as far as the reader may read it."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.caller import Caller
from iamconsole.operations import door
from iamconsole.operations.errors import AccessDenied, ApiError
from iamconsole.ui.json_view import pointer_lines
from policies.explanations import Deciding, Explained, SourceView
from policies.holders import Holder
from policies.views.documents import default_document, version_document

SHOWN = 3


@dataclass(frozen=True)
class Shown:
    """A deciding statement with its document; `lines` are where it stands, None when the text has changed since."""

    deciding: Deciding
    document: str
    lines: tuple[int, int] | None
    denied: AccessDenied | None


def shown_statements(caller: Caller, found: Explained, holder: Holder | None) -> list[Shown]:
    """The first deciding statements in their documents, read with the caller's own permissions.

    `holder` is who the decision was about: inline policies without a group are on it.
    """
    return [_shown(caller, each, holder) for each in found.deciding[:SHOWN]]


def _shown(caller: Caller, deciding: Deciding, holder: Holder | None) -> Shown:
    try:
        document, denied = _document(caller, deciding.source, holder)
    except ApiError:  # deleted since
        document, denied = "", None
    return Shown(deciding, document, _lines(document, deciding.index), denied)


def _document(caller: Caller, source: SourceView, holder: Holder | None) -> tuple[str, AccessDenied | None]:
    if ":policy/" in source.arn:
        if source.by_aws or not source.version:
            return default_document(caller, source.arn)
        return version_document(caller, source.arn, source.version)
    if source.kind == "trust":
        return _trust(caller, source.name)
    group = source.attached_to.removeprefix("group ")
    on = Holder("group", group) if source.attached_to else holder
    if source.kind != "inline" or on is None:
        return "", None
    answer = door.ask(caller, on.operation("Get{}Policy"), on.given(PolicyName=source.name))
    return str(answer.result.get("PolicyDocument", "")), answer.denied


def _trust(caller: Caller, name: str) -> tuple[str, AccessDenied | None]:
    answer = door.ask(caller, "iam:GetRole", {"RoleName": name})
    role = answer.result.get("Role")
    return (str(role["AssumeRolePolicyDocument"]) if isinstance(role, dict) else ""), answer.denied


def _lines(document: str, index: int) -> tuple[int, int] | None:
    places = pointer_lines(document) if document else {}
    whole = places.get("/Statement") if index == 0 and "/Statement/Effect" in places else None
    return places.get(f"/Statement/{index}") or whole
