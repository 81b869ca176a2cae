from __future__ import annotations

import io
import json
import stat
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

from accounts.demo import bakery, school_lab
from accounts.demo.cards import cards_file, kept
from accounts.demo.telling import tell
from accounts.models import Account
from iamconsole.operations.secrets import Secret
from identities import totp
from identities.models import AccessKey, LoginProfile, MfaDevice, User
from identities.passwords import verify
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_var(settings: Settings, tmp_path: Path) -> Path:
    """Cards are written here."""
    settings.VAR = tmp_path / "var"
    return settings.VAR


def run(*words: str) -> tuple[str, str]:
    """What a command prints and what it warns of."""
    out, err = io.StringIO(), io.StringIO()
    call_command(*words, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def create(*words: str) -> dict[str, str]:
    out, _ = run("create_account", "New lab", "--email", "root@new.example", *words, "--json")
    made = json.loads(out)
    assert isinstance(made, dict)
    return made


def test_it_makes_an_account_with_an_id_of_its_own() -> None:
    made = create()
    account = Account.objects.get(pk=made["account_id"])
    assert (account.name, account.root_email, account.root_password) == ("New lab", "root@new.example", "")
    assert made.keys() == {"account_id", "name", "email"}


def test_it_says_what_to_do_before_there_is_a_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection.introspection, "table_names", lambda *_: [])
    with pytest.raises(CommandError, match="run `make run` once"):
        create()


def test_it_prints_the_administrator_s_key_once() -> None:
    made = create("--id", "777788889999", "--alias", "new-lab", "--admin-key")
    assert made["account_id"] == "777788889999"
    key = AccessKey.objects.get(pk=made["access_key_id"])
    assert key.user is not None
    assert (key.user.name, len(made["secret_access_key"])) == ("admin", 40)


def test_it_warns_of_a_key_of_root() -> None:
    out, err = run("create_account", "New lab", "--email", "root@new.example", "--root-key", "--json")
    assert AccessKey.objects.get(pk=json.loads(out)["access_key_id"]).user is None
    assert err.startswith("Warning: a key of root can do everything")


def test_it_prints_for_people_without_json() -> None:
    out, _ = run("create_account", "New lab", "--email", "root@new.example", "--id", "777788889999")
    assert out.splitlines()[0].split() == ["account_id", "777788889999"]


def test_it_reads_the_password_of_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("Correct-horse-9\n"))
    made = create("--root-password-stdin")
    assert verify(Secret("Correct-horse-9"), Account.objects.get(pk=made["account_id"]).root_password)


def test_it_refuses_a_weak_password_of_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("weak\n"))
    with pytest.raises(CommandError, match="minimum length of 8"):
        create("--root-password-stdin")
    assert not Account.objects.exists()


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["--id", "12"], "An account id has 12 digits; `12` is none."),
        (["--id", "1" * 30], "An account id has 12 digits"),
        (["--alias", "No Alias"], "The account alias must have 3 to 63"),
        (["--email", "nobody"], "nobody is not an e-mail address."),
        (["--admin-key", "--root-key"], "not allowed with argument"),
    ],
)
def test_it_says_what_is_wrong(words: list[str], text: str) -> None:
    with pytest.raises(CommandError, match=text):
        create(*words)
    assert not Account.objects.exists()


def test_it_refuses_an_account_twice(world: World) -> None:
    with pytest.raises(CommandError, match=f"There is an account {world.alice.account_id} already"):
        create("--id", world.alice.account_id)


def test_it_takes_an_account_back(world: World) -> None:
    made = create("--admin-key")
    out, _ = run("reset_account", made["account_id"], "--yes")
    assert out == f"New lab ({made['account_id']}) is as it was made.\n"
    assert AccessKey.objects.filter(pk=made["access_key_id"]).exists()


def test_it_asks_before_it_takes_an_account_back(world: World) -> None:
    with pytest.raises(CommandError, match="Nothing was done; add --yes"):
        run("reset_account", world.alice.account_id)
    assert User.objects.of(world.alice.account_id).count() == 2


@pytest.mark.parametrize(("account_id", "text"), [("12", "has 12 digits"), ("999999999999", "There is no account")])
def test_it_takes_no_other_account_back(world: World, account_id: str, text: str) -> None:
    with pytest.raises(CommandError, match=text):
        run("reset_account", account_id, "--yes")


def test_it_tells_the_demo_with_progress() -> None:
    out, _ = run("demo_data")
    assert [line.strip().partition(" (")[0] for line in out.splitlines()] == [
        school_lab.STORY.name,
        bakery.STORY.name,
    ]
    assert Account.objects.count() == 2


def test_it_tells_the_demo_only_into_an_empty_installation(world: World) -> None:
    out, _ = run("demo_data")
    assert out == "There are accounts already: nothing to do.\n"
    assert Account.objects.count() == 2
    assert not cards_file().exists()


def test_it_keeps_cards_that_only_the_owner_can_read() -> None:
    run("demo_data")
    assert stat.S_IMODE(cards_file().stat().st_mode) == 0o600


def test_it_keeps_passwords_that_work() -> None:
    run("demo_data")
    for card in kept():
        if card.user:
            hashed = LoginProfile.objects.of(card.account_id).get(user__name=card.user).password
        else:
            hashed = Account.objects.get(root_email=card.email).root_password
        assert verify(Secret(card.password), hashed)


def test_it_keeps_mfa_secrets_that_are_the_devices() -> None:
    run("demo_data")
    secrets = {card.user: card.mfa_secret for card in kept() if card.mfa_secret}
    assert secrets == {device.user.name: totp.seed_of(device).reveal() for device in MfaDevice.objects.all()}
    assert len(secrets) == 4


def test_it_makes_new_passwords_at_each_telling() -> None:
    again = replace(bakery.STORY, id="777788889999", alias="second-bakery", email="it@second.example")
    first, second = ({card.password for card in tell(story)} for story in (bakery.STORY, again))
    assert len(first) == len(second) == 6
    assert first.isdisjoint(second)


def test_it_leaves_nothing_behind_when_the_cards_cannot_be_kept(own_var: Path) -> None:
    own_var.write_text("not a folder")
    with pytest.raises(OSError, match="exists"):
        run("demo_data")
    assert not Account.objects.exists()


def test_it_prints_the_cards_as_tables() -> None:
    run("demo_data")
    out, _ = run("sign_in_cards", "--url", "https://iam.example/")
    assert "Root user: https://iam.example/signin/root/" in out
    assert "IAM users: https://iam.example/northfield-lab/signin/" in out
    assert all(card.password in out and card.mfa_secret in out for card in kept())


def test_it_prints_no_card_of_who_is_gone() -> None:
    run("demo_data")
    run("reset_account", bakery.ID, "--yes")
    out, _ = run("sign_in_cards")
    assert (bakery.STORY.email in out, "olga.petrov" in out, "maria.santos" in out) == (True, False, True)


def test_it_says_how_to_begin_without_cards() -> None:
    out, _ = run("sign_in_cards")
    assert out == "No demo accounts here. Make an account: python manage.py create_account --help\n"
