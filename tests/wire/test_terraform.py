"""All of `terraform/main.tf` with Terraform or OpenTofu and the AWS provider: apply, plan, change, import, destroy.

Nothing is fetched here: the provider must lie in a folder of providers (`terraform providers mirror FOLDER`), named by
TF_PLUGIN_DIR or in one of Terraform's own places. Its calls, one by one, are held by test_provider_calls.py.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer

from tests.cast import ACCOUNT_ID
from tests.identities import papers
from tests.wire.in_process import key_of
from tests.world import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)
CONFIGURATION = Path(__file__).parent / "terraform" / "main.tf"
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
}


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

    def __call__(self, *arguments: str, well: tuple[int, ...] = (0,)) -> int:
        done = subprocess.run(
            [program(), *arguments], cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode in well, done.stdout[-4_000:] + done.stderr[-4_000:]
        return done.returncode

    def plan_is_empty(self, number: int) -> bool:
        arguments = ("plan", "-input=false", "-detailed-exitcode", f"-var=round={number}")
        return self(*arguments, well=(0, 2)) == 0


@pytest.fixture
def people(transactional_db: None) -> World:
    return make_world()


def test_its_configuration_has_what_there_is() -> None:
    kinds = set(re.findall(r'resource "(aws_iam_\w+)"', CONFIGURATION.read_text()))
    assert len(kinds) >= 25
    assert {each.partition(".")[0] for each in IMPORTS} <= kinds


def test_it_applies_plans_empty_changes_imports_and_destroys(
    live_server: LiveServer, people: World, tmp_path: Path
) -> None:
    shutil.copy(CONFIGURATION, tmp_path)
    for name, text in {
        "key.pub": papers.ssh_line(),
        "key.pem": papers.private_pem(),
        "certificate.pem": papers.certificate(),
        "metadata.xml": papers.metadata(),
    }.items():
        (tmp_path / name).write_text(text)
    terraform = Terraform(tmp_path, live_server.url, key_of(people.alice))
    terraform("init", "-input=false", f"-plugin-dir={terraform.plugins}")
    for number in (1, 2):
        terraform("apply", "-input=false", "-auto-approve", f"-var=round={number}")
        assert terraform.plan_is_empty(number)
    for address, name in IMPORTS.items():
        terraform("state", "rm", address)
        terraform("import", "-input=false", "-var=round=2", address, name)
    assert terraform.plan_is_empty(2)
    terraform("destroy", "-input=false", "-auto-approve", "-var=round=2")
