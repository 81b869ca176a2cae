"""All of `terraform/*.tf` with Terraform or OpenTofu and the AWS provider: apply, plan, change, import, destroy.

Nothing is fetched here: the provider must lie in a folder of providers (`terraform providers mirror FOLDER`), named by
TF_PLUGIN_DIR or in one of Terraform's own places. Its calls, one by one, are held by test_provider_*.py.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django.live_server_helper import LiveServer

from tests.cast import ACCOUNT_ID
from tests.identities import papers
from tests.wire.in_process import key_of
from tests.wire.kinds import KINDS
from tests.world import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)
CONFIGURATION = Path(__file__).parent / "terraform"
PLACES = ("~/.terraform.d/plugins", "~/.local/share/terraform/plugins", "/usr/share/terraform/plugins")
# What can be imported, by the id that it is imported by; the rest is made once and shown once (keys, passwords).
IMPORTS = {
    "aws_iam_user.this": "tf-user",
    "aws_iam_group.this": "tf-group",
    "aws_iam_role.this": "tf-role",
    "aws_iam_policy.this": f"arn:aws:iam::{ACCOUNT_ID}:policy/tf/tf-policy",
    "aws_iam_user_policy.this": "tf-user:inline",
    "aws_iam_group_policy.this": "tf-group:inline",
    "aws_iam_role_policy.this": "tf-role:inline",
    "aws_iam_role_policy_attachment.this": f"tf-role/arn:aws:iam::{ACCOUNT_ID}:policy/tf/tf-policy",
    "aws_iam_user_group_membership.this": "tf-user/tf-group",
    "aws_iam_instance_profile.this": "tf-profile",
    "aws_iam_openid_connect_provider.this": f"arn:aws:iam::{ACCOUNT_ID}:oidc-provider/idp.example.com/tf",
    "aws_iam_saml_provider.this": f"arn:aws:iam::{ACCOUNT_ID}:saml-provider/tf-saml",
    "aws_iam_account_password_policy.this": "iam-account-password-policy",
    "aws_iam_account_alias.this": f"tf-lab-{ACCOUNT_ID}",
    "aws_iam_service_linked_role.this": (
        f"arn:aws:iam::{ACCOUNT_ID}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling_tf"
    ),
    "aws_iam_virtual_mfa_device.this": f"arn:aws:iam::{ACCOUNT_ID}:mfa/tf/tf-device",
    "aws_iam_role_policies_exclusive.this": "tf-role",
    "aws_iam_role_policy_attachments_exclusive.this": "tf-role",
}
# An argument that AWS does not know, so that no import can read it: `force_destroy`.
FORGOTTEN = {"aws_iam_user.this": ["update"]}


def program() -> str:
    found = os.environ.get("TERRAFORM") or shutil.which("terraform") or shutil.which("tofu")
    if not found:
        pytest.skip("there is neither terraform nor tofu on the PATH; set TERRAFORM to its path")
    return found


def providers() -> Path:
    """The folder with the AWS provider; skips the test where there is none."""
    for place in (os.environ.get("TF_PLUGIN_DIR", ""), *PLACES):
        folder = Path(place).expanduser()
        if place and any(folder.glob("*/hashicorp/aws")):
            return folder
    pytest.skip("terraform's AWS provider is not at hand; set TF_PLUGIN_DIR to a `terraform providers mirror`")


class Terraform:
    """Terraform in a folder of its own, with alice's key."""

    def __init__(self, folder: Path, url: str, key: dict[str, object]) -> None:
        self.folder, self.plugins = folder, providers()
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "CHECKPOINT_DISABLE": "1",
            "TF_IN_AUTOMATION": "1",
            "TF_VAR_url": url,
            "TF_VAR_papers": str(folder),
            "AWS_ACCESS_KEY_ID": str(key["AccessKeyId"]),
            "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"].reveal(),  # type: ignore[attr-defined]
        }

    def __call__(self, *arguments: str) -> str:
        done = subprocess.run(
            [program(), *arguments], cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout[-4_000:] + done.stderr[-4_000:]
        return done.stdout

    def planned(self, number: int) -> dict[str, list[str]]:
        """What the next apply would do, by address."""
        self("plan", "-input=false", "-out=plan", f"-var=round={number}")
        changes = json.loads(self("show", "-json", "plan")).get("resource_changes", [])
        found = {each["address"]: each["change"]["actions"] for each in changes if each["mode"] == "managed"}
        return {address: actions for address, actions in found.items() if actions != ["no-op"]}

    def apply(self, number: int) -> None:
        self("apply", "-input=false", "-auto-approve", f"-var=round={number}")


@pytest.fixture
def people(transactional_db: None) -> World:
    return make_world()


def test_its_configuration_has_what_there_is() -> None:
    text = "".join(path.read_text() for path in CONFIGURATION.glob("*.tf"))
    kinds = set(re.findall(r'resource "(aws_iam_\w+)"', text))
    assert len(kinds) >= 25
    # All of them are walked through their lives without Terraform too.
    assert kinds <= {str(kind).partition(" ")[0] for kind in KINDS}
    assert {each.partition(".")[0] for each in IMPORTS} <= kinds


def test_it_applies_plans_empty_changes_imports_and_destroys(
    live_server: LiveServer, people: World, tmp_path: Path
) -> None:
    terraform = Terraform(tmp_path, live_server.url, key_of(people.alice))
    call_command("create_organization", ACCOUNT_ID, stdout=StringIO())
    for path in CONFIGURATION.glob("*.tf"):
        shutil.copy(path, tmp_path)
    for name, text in {
        "key.pub": papers.ssh_line(),
        "key.pem": papers.private_pem(),
        "certificate.pem": papers.certificate(),
        "metadata.xml": papers.metadata(),
    }.items():
        (tmp_path / name).write_text(text)
    terraform("init", "-input=false", f"-plugin-dir={terraform.plugins}")
    for number in (1, 2):
        terraform.apply(number)
        assert terraform.planned(number) == {}
    for address, name in IMPORTS.items():
        terraform("state", "rm", address)
        terraform("import", "-input=false", "-var=round=2", address, name)
    assert terraform.planned(2) == FORGOTTEN
    terraform.apply(2)
    assert terraform.planned(2) == {}
    terraform("destroy", "-input=false", "-auto-approve", "-var=round=2")
