"""Twenty secrets go through the console and the wire; afterwards nothing that is kept has one of them in it."""

from __future__ import annotations

import base64
import contextlib
import html
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection
from django.test import Client

from iamconsole.operations.secrets import Secret
from identities import totp
from tests.accounts.views.people import enter_password, enter_root_password, give_device
from tests.iamconsole.api.calling import call, key_of
from tests.identities.steps import do, enable, new_device
from tests.pages import sign_in
from tests.world import World, allow, make_world

TYPED = "Typed-by-mistake-{}"


@pytest.fixture
def people(transactional_db: None) -> World:
    return make_world()


def everyday(world: World) -> list[str]:
    """A day at the console, and every secret that was seen in it."""
    return [
        *access_keys(world), *devices(world), *passwords(world), *recovered(), *session_credentials(world),
        *service_credentials(world), *shown_by_the_wizard(world),
    ]  # fmt: skip


def access_keys(world: World) -> list[str]:
    keys = [key_of(world.bob), key_of(world.bob)]
    for key in keys:
        assert call(Client(), key, "GetCallerIdentity", service="sts").status_code == 200
    root: Any = do(world.root, "CreateAccessKey")["AccessKey"]
    return [key.secret_key for key in keys] + [root["SecretAccessKey"].reveal()]


def devices(world: World) -> list[str]:
    _, seed = enable(world.alice, "alice", "alices-phone")
    _, spare = new_device(world.alice, "spare")
    return [seed.reveal(), spare.reveal(), totp.seed_of(give_device(world.root, "roots-phone")).reveal()]


def passwords(world: World) -> list[str]:
    given = [TYPED.format(number) for number in range(6)]
    do(world.alice, "CreateLoginProfile", UserName="bob", Password=given[0])
    do(world.alice, "UpdateLoginProfile", UserName="bob", Password=Secret(given[1]))
    allow(world.bob, "iam:ChangePassword")
    do(world.bob, "ChangePassword", OldPassword=given[1], NewPassword=given[2])
    enter_password(Client(), "bob", given[3])
    enter_password(Client(), given[4], "x")
    enter_root_password(Client(), "root@alice.example", given[5])
    return given


def recovered() -> list[str]:
    client = Client()
    client.post("/signin/root/forgot-password/", {"email": "root@alice.example"})
    found = re.search(r"/signin/root/reset/(\S+)/", str(mail.outbox[-1].body))
    assert found
    new = TYPED.format("root")
    assert client.post(found[0], {"new": new, "again": new}).status_code == 303
    client.post("/signin/root/forgot-password/", {"email": "root@alice.example"})
    unused = re.search(r"/signin/root/reset/(\S+)/", str(mail.outbox[-1].body))
    assert unused
    return [found[1], unused[1], new]


def session_credentials(world: World) -> list[str]:
    client = Client()
    sign_in(client, world.alice, mfa=True)
    page = html.unescape(client.post("/iam/security-credentials/temporary/", {"hours": "1"}).content.decode())
    found = dict(re.findall(r'export (AWS_\w+)="([^"]+)"', page))
    return [found["AWS_SECRET_ACCESS_KEY"], found["AWS_SESSION_TOKEN"]]


def service_credentials(world: World) -> list[str]:
    given = [{"UserName": "bob", "ServiceName": f"{name}.amazonaws.com"} for name in ("codecommit", "cassandra")]
    made: Any = [do(world.alice, "CreateServiceSpecificCredential", **each) for each in given]
    return [each["ServiceSpecificCredential"]["ServicePassword"].reveal() for each in made]


def shown_by_the_wizard(world: World) -> list[str]:
    """A key and a password that wait in a session for the page that shows them, which is never asked for."""
    client = Client()
    sign_in(client, world.alice)
    custom = TYPED.format("for-bob")
    given = {"action": "reset", "kind": "custom", "password": custom}
    assert client.post("/iam/users/bob/console-access/", given).status_code == 303
    return [custom]


def disguises(secret: str) -> Iterator[bytes]:
    """A secret as it is, and as something else may have written it down."""
    raw = secret.encode()
    yield raw
    yield raw.hex().encode()
    yield secret.replace("/", "\\/").encode()
    for shift in range(3):  # base 64 of a longer text holds one of three shapes of it
        encoded = base64.b64encode(b"\0" * shift + raw)
        yield encoded[4 if shift else 0 : -4]


def kept(tmp_path: Path, logged: str) -> dict[str, bytes]:
    """All that is kept: every row, every session opened, the log; on SQLite also the file, its WAL and a backup."""
    with connection.cursor() as cursor:
        rows = b""
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            rows += repr(cursor.fetchall()).encode()
    sessions = repr([session.get_decoded() for session in Session.objects.all()]).encode()
    return {"rows": rows, "sessions": sessions, "log": logged.encode(), **files(tmp_path)}


def files(tmp_path: Path) -> dict[str, bytes]:
    if connection.vendor != "sqlite":
        return {}
    name = Path(str(settings.DATABASES["default"]["NAME"]))
    with (
        contextlib.closing(sqlite3.connect(name)) as source,
        contextlib.closing(sqlite3.connect(tmp_path / "backup")) as target,
    ):
        source.backup(target)
    wal = name.with_name(name.name + "-wal")
    backup = (tmp_path / "backup").read_bytes()
    assert wal.stat().st_size > 100_000 and len(backup) > 100_000
    return {"file": name.read_bytes(), "wal": wal.read_bytes(), "backup": backup}


def test_nothing_that_is_kept_has_a_secret_in_it(
    people: World, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    secrets = everyday(people)
    assert len(set(secrets)) == 20 and all(len(secret) > 12 for secret in secrets)
    printed = capfd.readouterr()
    places = kept(tmp_path, caplog.text + printed.out + printed.err)
    hits = [
        (place, number)
        for place, content in places.items()
        for number, secret in enumerate(secrets)
        if any(disguise in content for disguise in disguises(secret))
    ]
    assert hits == []


def test_the_search_finds_what_is_there(people: World, tmp_path: Path) -> None:
    """Without this the test above could pass by looking at the wrong place."""
    name = "arn:aws:iam::111122223333:mfa/to-be-found"
    give_device(people.bob, "to-be-found")
    for place, content in kept(tmp_path, name).items():
        assert name.encode() in content or place in ("sessions", "file"), place
