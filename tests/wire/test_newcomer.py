"""What the help topic on AWS clients shows works as it stands there, with the real aws CLI and boto3."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from pytest_django.live_server_helper import LiveServer

from iamconsole.operations import door
from tests.cast import ACCOUNT_ID, ALICE_ARN
from tests.identities.steps import codes, enable
from tests.wire.aws_cli import program
from tests.wire.test_aws_cli import key_of, trust
from tests.world import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)
HELP = (settings.BASE_DIR / "iamconsole" / "help" / "aws-clients.md").read_text()
WITH_MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}


def example(language: str) -> str:
    """The one example of the page in that language."""
    [found] = re.findall(rf"```{language}\n(.*?)```", HELP, re.DOTALL)
    return str(found)


@pytest.fixture
def people(transactional_db: None) -> World:
    return make_world()


class Newcomer:
    """Somebody with an empty home folder."""

    def __init__(self, home: Path, url: str, key: dict[str, str]) -> None:
        self.home, self.url, self.key = home, url, key
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": str(home), "AWS_MAX_ATTEMPTS": "1", "AWS_PAGER": "",
            "AWS_EC2_METADATA_DISABLED": "true",
        }  # fmt: skip

    def run(self, *command: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        """In a session without a terminal: a code that is asked for is read from what is typed."""
        return subprocess.run(
            command, env=self.environment, input=typed, capture_output=True, text=True, timeout=120, check=False,
            start_new_session=True,
        )  # fmt: skip

    def aws(self, profile: str, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        return self.run(program(), "--profile", profile, "--output", "json", *arguments, typed=typed)

    def arn(self, profile: str, typed: str = "") -> str:
        done = self.aws(profile, "sts", "get-caller-identity", typed=typed)
        assert done.returncode == 0, done.stderr
        return str(json.loads(done.stdout)["Arn"])

    def configure(self) -> None:
        """`aws configure`, then the page's example at the end of the file."""
        typed = f"{self.key['AccessKeyId']}\n{self.key['SecretAccessKey']}\nus-east-1\n\n"
        assert self.run(program(), "configure", "--profile", "lab", typed=typed).returncode == 0
        printer = self.home / "program"
        said = {"Version": 1, **{name: self.key[name] for name in ("AccessKeyId", "SecretAccessKey")}}
        printer.write_text(f"#!/bin/sh\necho '{json.dumps(said)}'\n")
        printer.chmod(0o755)
        shown = example("ini").replace("http://127.0.0.1:8000", self.url).replace("/path/to/program", str(printer))
        (self.home / ".aws" / "config").write_text(shown)


@pytest.fixture
def newcomer(tmp_path: Path, live_server: LiveServer, people: World) -> Iterator[Newcomer]:
    door.perform(people.alice, "iam:CreateRole", {"RoleName": "reader", "AssumeRolePolicyDocument": trust(ALICE_ARN)})
    [statement] = json.loads(trust(ALICE_ARN))["Statement"]
    guarded = json.dumps({"Version": "2012-10-17", "Statement": [{**statement, "Condition": WITH_MFA}]})
    door.perform(people.alice, "iam:CreateRole", {"RoleName": "guarded", "AssumeRolePolicyDocument": guarded})
    made = Newcomer(tmp_path, live_server.url, key_of(people.alice))
    made.configure()
    return made


def session_of(role: str) -> str:
    return f"arn:aws:sts::{ACCOUNT_ID}:assumed-role/{role}/"


def test_its_profiles_work(newcomer: Newcomer) -> None:
    assert newcomer.arn("lab") == newcomer.arn("from-a-program") == ALICE_ARN
    assert newcomer.arn("reader").startswith(session_of("reader"))


def test_its_profile_with_mfa_asks_for_a_code(newcomer: Newcomer, people: World) -> None:
    _, seed = enable(people.alice, "alice")
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=5)):
        code = codes(seed)["AuthenticationCode2"] + "\n"
        assert newcomer.arn("guarded", typed=code).startswith(session_of("guarded"))
        shutil.rmtree(newcomer.home / ".aws" / "cli")  # where the CLI keeps sessions
        again = newcomer.aws("guarded", "sts", "get-caller-identity", typed=code)
    assert "MultiFactorAuthentication failed with invalid MFA one time pass code" in again.stderr


def test_its_lines_of_boto3_work(newcomer: Newcomer) -> None:
    done = newcomer.run(sys.executable, "-c", example("python"))
    assert done.returncode == 0, done.stderr
    assert f"dana arn:aws:iam::{ACCOUNT_ID}:user/dana\n" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("AccessDenied User: arn:aws:sts::")


def test_its_lines_for_the_shell_work(newcomer: Newcomer) -> None:
    lines = example("sh").replace("http://127.0.0.1:8000", newcomer.url)
    lines = lines.replace("AKIA…", newcomer.key["AccessKeyId"]).replace("=…", f"={newcomer.key['SecretAccessKey']}")
    done = newcomer.run("/bin/sh", "-c", lines.replace("aws sts", f"{program()} sts"))
    assert json.loads(done.stdout)["Arn"] == ALICE_ARN, done.stderr


def said(newcomer: Newcomer, *arguments: str, **changed: str) -> str:
    """What the CLI says of a call that goes wrong."""
    key = {"AWS_ACCESS_KEY_ID": newcomer.key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": newcomer.key["SecretAccessKey"]}
    where = {"AWS_ENDPOINT_URL": newcomer.url, "AWS_DEFAULT_REGION": "us-east-1"}
    newcomer.environment |= {name: value for name, value in (key | where | changed).items() if value}
    done = newcomer.run(program(), *(arguments or ("iam", "list-users")))
    assert done.returncode != 0
    return " ".join(done.stderr.split())


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"AWS_SECRET_ACCESS_KEY": "x" * 40}, "SignatureDoesNotMatch"),
        ({"AWS_ACCESS_KEY_ID": "AKIA" + "Z" * 16}, "InvalidClientTokenId"),
        ({"AWS_ACCESS_KEY_ID": "test"}, "InvalidClientTokenId"),
        ({"AWS_SESSION_TOKEN": "left-over"}, "InvalidClientTokenId"),
        ({"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}, "Could not connect to the endpoint URL"),
        ({"AWS_DEFAULT_REGION": ""}, "You must specify a region"),
        ({"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}, "Unable to locate credentials"),
    ],
    ids=lambda value: value if isinstance(value, str) else next(iter(value)),
)
def test_its_errors_are_what_the_client_says(newcomer: Newcomer, changed: dict[str, str], told: str) -> None:
    assert told in said(newcomer, **changed)
    assert f"`{told}" in HELP


def test_its_errors_tell_of_http_and_of_other_services(newcomer: Newcomer) -> None:
    https = newcomer.url.replace("http:", "https:")
    told = said(newcomer, AWS_ENDPOINT_URL=https)
    assert "SSL validation failed" in told and "SSL validation failed" in HELP
    for arguments in (("s3", "ls"), ("ec2", "describe-instances"), ("dynamodb", "list-tables")):
        assert "Credential should be scoped to correct service" in said(newcomer, *arguments)


def test_its_errors_tell_of_an_inactive_key_and_of_a_clock(newcomer: Newcomer, people: World) -> None:
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=16)):
        assert "Signature expired: " in said(newcomer)
    with time_machine.travel(datetime.now(UTC) - timedelta(minutes=16)):
        assert "Signature not yet current: " in said(newcomer)
    given: dict[str, Any] = {"UserName": "alice", "AccessKeyId": newcomer.key["AccessKeyId"], "Status": "Inactive"}
    door.perform(people.alice, "iam:UpdateAccessKey", given)
    assert "InvalidClientTokenId" in said(newcomer)
