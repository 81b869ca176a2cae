"""Every operation once with the real aws CLI. It takes minutes, so it asks for it: EVERY_OPERATION=1."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from botocore import xform_name
from pytest_django.live_server_helper import LiveServer

from iamconsole.operations import registry
from iamconsole.operations.registry import Operation
from tests.operations.test_contract import EXAMPLES, ready
from tests.wire.aws_cli import Cli
from tests.wire.in_process import key_of
from tests.world import World, make_world

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("EVERY_OPERATION" not in os.environ, reason="set EVERY_OPERATION=1 for the aws CLI's long way"),
]
OPERATIONS = [each for each in registry.every() if each.service in ("iam", "sts")]


@pytest.fixture
def people(transactional_db: None) -> World:
    return make_world()


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.name)
def test_it_answers_the_cli(live_server: LiveServer, people: World, operation: Operation, tmp_path: Path) -> None:
    given, example = ready(operation), EXAMPLES[operation.name]
    key = key_of(people.alice)
    cli = Cli(live_server.url, {**key, "SecretAccessKey": key["SecretAccessKey"].reveal()})
    command = [operation.service, xform_name(operation.verb, "-"), "--cli-input-json", json.dumps(given)]
    if operation.verb == "CreateVirtualMFADevice":  # its parameters are the CLI's own: it writes the seed to a file
        named = ["--virtual-mfa-device-name", "phone", "--outfile", str(tmp_path / "seed")]
        command = [*command[:2], *named, "--bootstrap-method", "Base32StringSeed"]
    if "nvalid choice" in cli.run(*command[:2], "help").stderr:
        pytest.skip("this version of the aws CLI does not know the operation yet")
    if example.fails_for_others is not None:
        assert f"({example.fails_for_others})" in cli.refused(*command)
    else:
        cli(*command)
