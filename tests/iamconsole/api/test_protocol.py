"""The Query protocol carries every text there and back, as botocore reads and writes it."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import unquote

from botocore.parsers import create_parser
from defusedxml import ElementTree
from hypothesis import given
from hypothesis import strategies as st

from iamconsole.api import protocol
from iamconsole.operations.errors import NoSuchEntity
from iamconsole.operations.inputs import operation_model
from iamconsole.operations.secrets import Secret
from identities.operations.credential_reports import ReportNotPresent

USER = {"Path": "/", "UserName": "dana", "UserId": "AIDA", "Arn": "arn", "CreateDate": datetime(2026, 1, 2, tzinfo=UTC)}


def as_botocore_reads(name: str, xml: str, status: int = 200) -> dict[str, object]:
    model = operation_model(name)
    response = {"body": xml.encode(), "headers": {}, "status_code": status}
    return create_parser("query").parse(response, model.output_shape)  # type: ignore[no-any-return, union-attr]


@given(st.text())
def test_it_writes_any_text_so_that_the_client_reads_xml(text: str) -> None:
    ElementTree.fromstring(protocol.answer("iam:CreateUser", {"User": {**USER, "UserName": text}}, "id"))


@given(st.text(st.characters(min_codepoint=32, max_codepoint=255)))
def test_it_carries_policy_documents_whole(document: str) -> None:
    xml = protocol.answer("iam:GetUserPolicy", {"UserName": "a", "PolicyName": "b", "PolicyDocument": document}, "id")
    assert unquote(str(as_botocore_reads("iam:GetUserPolicy", xml)["PolicyDocument"])) == document


def test_it_answers_what_botocore_understands() -> None:
    result = {"Users": [USER], "IsTruncated": False}
    read = as_botocore_reads("iam:ListUsers", protocol.answer("iam:ListUsers", result, "the-id"))
    assert read["Users"][0]["CreateDate"] == USER["CreateDate"]  # type: ignore[index]
    assert read["ResponseMetadata"]["RequestId"] == "the-id"  # type: ignore[index]


def test_it_reveals_a_secret_to_the_wire_alone() -> None:
    key = {"UserName": "dana", "AccessKeyId": "AKIA", "Status": "Active", "SecretAccessKey": Secret("tell")}
    assert "<SecretAccessKey>tell</SecretAccessKey>" in protocol.answer("iam:CreateAccessKey", {"AccessKey": key}, "id")


def test_it_answers_errors_as_aws_does() -> None:
    xml = protocol.error("iam", NoSuchEntity("<dana> & co"), "the-id")
    read = as_botocore_reads("iam:GetUser", xml, 404)
    assert read["Error"] == {"Type": "Sender", "Code": "NoSuchEntity", "Message": "<dana> & co"}


def test_an_error_without_words_has_no_message() -> None:
    assert "<Code>ReportNotPresent</Code></Error>" in protocol.error("iam", ReportNotPresent(""), "x")
