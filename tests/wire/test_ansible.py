"""Ansible's modules for IAM (amazon.aws, community.aws): a playbook makes, changes nothing twice, and removes."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer

from identities.models import Role, User
from tests.identities import papers
from tests.wire.in_process import key_of
from tests.world import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)
HERE = Path(__file__).parent / "ansible"
RECAP = re.compile(r"^localhost\s.*\bchanged=(\d+)\s.*\bfailed=(\d+)", re.M)


@pytest.fixture
def people(transactional_db: None) -> World:
    return make_world()


def program() -> str:
    found = os.environ.get("ANSIBLE_PLAYBOOK") or shutil.which("ansible-playbook")
    if not found:
        pytest.skip("there is no ansible-playbook on the PATH; `pip install ansible boto3`, or set ANSIBLE_PLAYBOOK")
    return found


def run(playbook: str, folder: Path, url: str, key: dict[str, object]) -> int:
    """How many things a playbook changed."""
    interpreter = Path(program()).with_name("python")
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "LC_ALL": "C.UTF-8",
        "AWS_ACCESS_KEY_ID": str(key["AccessKeyId"]),
        "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"].reveal(),  # type: ignore[attr-defined]
        "ANSIBLE_PYTHON_INTERPRETER": str(interpreter if interpreter.exists() else sys.executable),
    }
    given = ["-e", f"url={url}", "-e", f"papers={folder}"]
    command = [program(), "-i", "localhost,", "-c", "local", *given, str(HERE / playbook)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4_000:] + done.stderr[-2_000:]
    found = RECAP.search(done.stdout)
    assert found is not None and found[2] == "0", done.stdout[-4_000:]
    return int(found[1])


def test_it_makes_keeps_and_removes(live_server: LiveServer, people: World, tmp_path: Path) -> None:
    for name, text in {
        "key.pem": papers.private_pem(),
        "certificate.pem": papers.certificate(),
        "metadata.xml": papers.metadata(),
    }.items():
        (tmp_path / name).write_text(text)
    key = key_of(people.alice)
    assert run("site.yml", tmp_path, live_server.url, key) == 12
    assert run("site.yml", tmp_path, live_server.url, key) == 0
    assert User.objects.get(name="ans-user").arn.endswith(":user/ans/ans-user")
    run("gone.yml", tmp_path, live_server.url, key)
    assert not User.objects.filter(name="ans-user").exists() and not Role.objects.filter(name="ans-role").exists()
