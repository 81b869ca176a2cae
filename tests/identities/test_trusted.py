"""The trust policies that the console writes, and the words of its roles list."""

from __future__ import annotations

import json

import pytest

from identities.trusted import STARTER, account_trust, service_trust, trusted_entities
from policies.engine.validate import DocumentKind, validate_document
from tests.cast import ACCOUNT_ID, BOB_ARN, ROOT_ARN
from tests.identities.steps import trust


@pytest.mark.parametrize(
    ("principal", "words"),
    [
        ({"AWS": ROOT_ARN}, "Account: 111122223333"),
        ({"AWS": ACCOUNT_ID}, "Account: 111122223333"),
        ({"AWS": BOB_ARN}, "Account: 111122223333 (user/bob)"),
        ({"AWS": "AIDA0000000000000BOB0"}, "Deleted identity: AIDA0000000000000BOB0"),
        ({"AWS": "*"}, "Everyone"),
        ({"Service": "ec2.amazonaws.com"}, "AWS Service: ec2"),
        ({"Federated": "cognito-identity.amazonaws.com"}, "Identity Provider: cognito-identity.amazonaws.com"),
    ],
)
def test_it_says_whom_a_trust_policy_names(principal: dict[str, str], words: str) -> None:
    assert trusted_entities(trust(**principal)) == [words]


def test_it_names_each_principal_once() -> None:
    assert trusted_entities(trust(AWS=[ROOT_ARN, ACCOUNT_ID], Service="ec2.amazonaws.com")) == [
        "Account: 111122223333",
        "AWS Service: ec2",
    ]


@pytest.mark.parametrize(
    "document",
    [
        service_trust("lambda.amazonaws.com"),
        account_trust(ACCOUNT_ID),
        account_trust(ACCOUNT_ID, external_id="word", mfa=True),
    ],
)
def test_it_writes_trust_policies_that_aws_would_take(document: str) -> None:
    validate_document(document, DocumentKind.TRUST)


def test_it_writes_the_conditions_asked_for() -> None:
    def condition(document: str) -> object:
        return json.loads(document)["Statement"][0]["Condition"]

    assert condition(account_trust(ACCOUNT_ID)) == {}
    assert condition(account_trust(ACCOUNT_ID, external_id="word", mfa=True)) == {
        "StringEquals": {"sts:ExternalId": "word"},
        "Bool": {"aws:MultiFactorAuthPresent": "true"},
    }


def test_it_begins_with_a_statement_that_trusts_nobody() -> None:
    assert trusted_entities(STARTER) == []
