"""AWS managed policies."""

from __future__ import annotations

import json
import re

import pytest

from policies.catalog import archive, managed
from policies.catalog.descriptions import DESCRIPTIONS

ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"


def test_it_knows_every_policy_of_the_source_sorted_by_name() -> None:
    names = [policy.name for policy in managed.all_policies()]
    assert len(names) == 1582
    assert names == sorted(names)


def test_it_gives_the_document_of_administrator_access() -> None:
    assert json.loads(managed.document(ADMINISTRATOR)) == {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
    }


def test_it_writes_documents_as_people_do() -> None:
    text = managed.document(ADMINISTRATOR)
    assert text.startswith('{\n    "Version": "2012-10-17",\n    "Statement": [')
    assert text.index('"Effect"') < text.index('"Action"') < text.index('"Resource"')


def test_it_keeps_the_real_version_number_path_and_dates() -> None:
    policy = managed.summary("arn:aws:iam::aws:policy/IAMReadOnlyAccess")
    assert policy is not None
    assert (policy.default_version_id, policy.path) == ("v4", "/")
    assert policy.create_date.isoformat() == "2015-02-06T18:40:39+00:00"
    assert policy.update_date.isoformat() == "2018-01-25T19:11:27+00:00"


def test_it_finds_a_policy_below_a_path_only_under_its_whole_arn() -> None:
    assert managed.get("arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole") is not None
    assert managed.get("arn:aws:iam::aws:policy/AWSLambdaBasicExecutionRole") is None


def test_it_knows_nothing_of_customer_policies() -> None:
    arn = "arn:aws:iam::111122223333:policy/AdministratorAccess"
    assert managed.get(arn) is None
    with pytest.raises(LookupError):
        managed.document(arn)


def test_it_marks_job_functions() -> None:
    functions = {policy.name for policy in managed.all_policies() if policy.is_job_function}
    assert {"Billing", "SupportUser", "ViewOnlyAccess"} <= functions
    assert "AdministratorAccess" not in functions
    assert managed.is_job_function("arn:aws:iam::aws:policy/job-function/Billing")
    assert not managed.is_job_function(ADMINISTRATOR)


def test_it_gives_every_policy_its_own_stable_id() -> None:
    ids = {policy.policy_id for policy in managed.all_policies()}
    assert len(ids) == 1582
    assert all(re.fullmatch(r"ANPA[A-Z2-7]{17}", policy_id) for policy_id in ids)


def test_it_describes_only_policies_that_exist() -> None:
    assert set(DESCRIPTIONS) <= {policy.name for policy in managed.all_policies()}


def test_it_opens_one_block_for_one_document() -> None:
    archive.read_block.cache_clear()
    managed.document(ADMINISTRATOR)
    assert archive.read_block.cache_info().misses == 1
    assert len(archive.read_block(0)) == archive.BLOCK_SIZE


def test_it_gives_the_engine_the_same_document_without_white_space() -> None:
    compact = managed.compact_document(ADMINISTRATOR)
    assert json.loads(compact) == json.loads(managed.document(ADMINISTRATOR))
    assert " " not in compact and "\n" not in compact
