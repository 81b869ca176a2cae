"""Documents of managed policies, as a page may read them."""

from __future__ import annotations

from collections.abc import Mapping

from accounts.caller import Caller
from iamconsole.operations import door
from iamconsole.operations.errors import AccessDenied


def default_document(caller: Caller, arn: str) -> tuple[str, AccessDenied | None]:
    """The text of a policy's default version, or the refusal of one of the two reads it takes."""
    answer = door.ask(caller, "iam:GetPolicy", {"PolicyArn": arn})
    if answer.denied:
        return "", answer.denied
    policy = answer.result["Policy"]
    assert isinstance(policy, Mapping)
    return version_document(caller, arn, str(policy["DefaultVersionId"]))


def version_document(caller: Caller, arn: str, version: str) -> tuple[str, AccessDenied | None]:
    """The text of one version, or the refusal."""
    answer = door.ask(caller, "iam:GetPolicyVersion", {"PolicyArn": arn, "VersionId": version})
    if answer.denied:
        return "", answer.denied
    found = answer.result["PolicyVersion"]
    assert isinstance(found, Mapping)
    return str(found["Document"]), None
