"""Save-time validation of SCPs and RCPs: one text for everything."""

from __future__ import annotations

import json
from typing import Any

import pytest

from policies.engine.validate import DocumentKind, MalformedPolicy, validate_document

REFUSED = "The provided policy document does not meet the requirements of the specified policy type."


def document(**elements: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [elements]})


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "{}",
        document(Effect="Allow", Action="*"),
        document(Effect="Deny", Action="*", Resource="*", Principal="*"),
        json.dumps({"Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}),
    ],
)
def test_it_refuses_what_is_no_scp(text: str) -> None:
    with pytest.raises(MalformedPolicy, match=REFUSED):
        validate_document(text, DocumentKind.SCP)


@pytest.mark.parametrize(
    "text",
    [
        document(Effect="Allow", Action="*", Resource="*"),
        document(Effect="Allow", NotAction="iam:*", Resource="*", Condition={"Bool": {"aws:SecureTransport": "true"}}),
        document(Effect="Deny", Action="s3:*Object", NotResource="arn:aws:s3:::reports/*"),
    ],
)
def test_it_takes_the_whole_language_in_an_scp(text: str) -> None:
    validate_document(text, DocumentKind.SCP)


@pytest.mark.parametrize(
    "text",
    [
        "{",
        document(Effect="Allow", Action="s3:*", Resource="*", Principal="*"),
        document(Effect="Deny", Action="*", Resource="*", Principal="*"),
        document(Effect="Deny", NotAction="s3:*", Resource="*", Principal="*"),
        document(Effect="Deny", Action="s3:*", Resource="*"),
        document(Effect="Deny", Action="s3:*", Resource="*", NotPrincipal="*"),
        document(Effect="Deny", Action="s3:*", Resource="*", Principal={"AWS": "111122223333"}),
    ],
)
def test_it_refuses_what_is_no_rcp(text: str) -> None:
    with pytest.raises(MalformedPolicy, match=REFUSED):
        validate_document(text, DocumentKind.RCP)


def test_it_takes_an_rcp_that_denies_named_actions_to_everyone() -> None:
    validate_document(document(Effect="Deny", Action=["s3:*"], Resource="*", Principal="*"), DocumentKind.RCP)
