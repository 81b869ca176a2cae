"""The real aws CLI: the one on the PATH, or one in an environment of its own, made once where pip finds it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
VENV = ROOT / ".venv-aws"


def program() -> str:
    """The CLI's path; skips the test where there is none and none can be installed."""
    found = os.environ.get("AWS_CLI") or shutil.which("aws")
    if found:
        return found
    if not (VENV / "bin" / "aws").exists():
        install()
    return str(VENV / "bin" / "aws")


def install() -> None:
    made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=False, capture_output=True)
    pip = [str(VENV / "bin" / "pip"), "install", "--quiet", "--retries", "1", "--timeout", "20", "awscli"]
    if made.returncode or subprocess.run(pip, check=False, capture_output=True).returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        pytest.skip("the aws CLI is neither on the PATH nor can pip install it here; set AWS_CLI to its path")


class Cli:
    """The CLI with one key, asking one server."""

    def __init__(self, url: str, key: dict[str, str]) -> None:
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": "/nonexistent",
            "AWS_ENDPOINT_URL": url,
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": key["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"],
            "AWS_MAX_ATTEMPTS": "1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_PAGER": "",
            **({"AWS_SESSION_TOKEN": key["SessionToken"]} if "SessionToken" in key else {}),
        }

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [program(), "--output", "json", *arguments]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=120, check=False)

    def __call__(self, *arguments: str) -> Any:
        """The answer."""
        done = self.run(*arguments)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if done.stdout.strip() else None

    def refused(self, *arguments: str) -> str:
        """What it says of a refusal."""
        done = self.run(*arguments)
        assert done.returncode != 0
        return " ".join(done.stderr.split())
