"""Every command about stored things says what to do where the database is empty or old."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ACCOUNT = "111122223333"
COMMANDS = {
    "create_account": ["lab", "--email", "root@lab.example"],
    "create_organization": [ACCOUNT],
    "demo_data": [],
    "remove_root_mfa": [ACCOUNT],
    "reset_account": [ACCOUNT, "--yes"],
    "verify_events": [],
    "authorization_message": [ACCOUNT, "423ae6a2-c94a-4393-a9e2-5f148d7cc572"],
    "delegation_notices": [ACCOUNT],
    "delegation_template": [ACCOUNT, "name", "file.json"],
    "oidc_keys": [f"arn:aws:iam::{ACCOUNT}:oidc-provider/idp.example.com", "file.json"],
    "rotate_master_keys": [],
}
# These ask no table, or only the cards that a demo left.
OTHERS = {"api_coverage", "bench", "sign_in_cards", "simulate"}
# One process for all: to start takes longer than to be refused.
SCRIPT = """
import json, sys
import django
from django.core.management import CommandError, call_command
django.setup()
for name, words in json.loads(sys.argv[1]).items():
    try:
        call_command(name, *words)
        print(name, "did something")
    except CommandError as error:
        print(name, error)
"""


def refusals(database: Path) -> dict[str, str]:
    env = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{database}",
        "IAMCONSOLE_VAR": str(database.parent),
        "DJANGO_SETTINGS_MODULE": "iamconsole.settings",
    }
    command = [sys.executable, "-c", SCRIPT, json.dumps(COMMANDS)]
    done = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=True)
    return {name: text for name, _, text in (line.partition(" ") for line in done.stdout.splitlines())}


def test_it_knows_every_command() -> None:
    files = {file.stem for file in ROOT.glob("*/management/commands/[a-z]*.py")}
    assert files == COMMANDS.keys() | OTHERS


def test_each_says_what_to_do_without_tables(tmp_path: Path) -> None:
    wanted = "The database has no tables yet: run `make run` once, or `python manage.py migrate`."
    assert refusals(tmp_path / "empty.sqlite3") == dict.fromkeys(COMMANDS, wanted)


def test_each_says_what_to_do_with_old_tables(tmp_path: Path) -> None:
    database = tmp_path / "old.sqlite3"
    env = {**os.environ, "DATABASE_URL": f"sqlite:///{database}", "IAMCONSOLE_VAR": str(tmp_path)}
    older = [sys.executable, "manage.py", "migrate", "-v0", "events", "0001"]
    subprocess.run(older, env={**env, "DJANGO_SETTINGS_MODULE": "iamconsole.settings"}, cwd=ROOT, check=True)
    found = refusals(database)
    assert found.keys() == COMMANDS.keys()
    assert all(
        text.startswith("The database was made for an earlier version: run `make run`") for text in found.values()
    )
