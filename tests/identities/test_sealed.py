"""Master keys: everything sealed anew under the first one, and no start with keys that open nothing."""

from __future__ import annotations

import base64
import io
from threading import Event as Signal
from threading import Thread
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connections
from pytest_django import Settings

from iamconsole import sealing, serve
from iamconsole.operations.secrets import Secret
from identities import key_secrets, saml_keys, sealed, totp
from identities.models import AccessKey, MfaDevice, SamlKey
from tests.identities import papers
from tests.identities.steps import do, new_device
from tests.world import World, make_world

OLD = "ktest:b25seSBmb3IgdGhlIHRlc3RzLCBub3QgYSBzZWNyZXQ="
NEW = f"knew:{base64.b64encode(b'n' * 32).decode()}"


def fill(world: World) -> dict[str, str]:
    """One secret of each kind, in clear."""
    do(world.alice, "CreateAccessKey", UserName="bob")
    new_device(world.alice)
    given = {"Name": "school", "SAMLMetadataDocument": papers.metadata(), "AddPrivateKey": Secret(papers.private_pem())}
    do(world.alice, "CreateSAMLProvider", **given)
    return opened()


def opened() -> dict[str, str]:
    secrets = [
        key_secrets.secret_of(AccessKey.objects.get()),
        totp.seed_of(MfaDevice.objects.get()),
        saml_keys.secret_of(SamlKey.objects.get()),
    ]
    return {str(place): secret.reveal() for place, secret in enumerate(secrets)}


def texts() -> list[str]:
    return [getattr(row, column.name) for column in sealed.COLUMNS for row in column.rows]


def test_it_knows_every_sealed_column() -> None:
    from django.apps import apps

    columns = {
        (model.__name__, field.name)
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.name.startswith("sealed_")
    }
    assert columns == {(column.model.__name__, column.name) for column in sealed.COLUMNS}


def test_it_seals_everything_under_the_new_key(world: World, settings: Settings) -> None:
    before = fill(world)
    settings.MASTER_KEYS = f"{NEW},{OLD}"
    out = io.StringIO()
    call_command("rotate_master_keys", stdout=out)
    assert {text.partition(":")[0] for text in texts()} == {"knew"}
    assert "3 secrets changed" in out.getvalue()
    settings.MASTER_KEYS = NEW
    assert opened() == before


def test_it_changes_nothing_the_second_time(world: World, settings: Settings) -> None:
    fill(world)
    settings.MASTER_KEYS = f"{NEW},{OLD}"
    call_command("rotate_master_keys", stdout=io.StringIO())
    kept = texts()
    call_command("rotate_master_keys", stdout=io.StringIO())
    assert texts() == kept


def test_it_goes_on_over_batches(world: World, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed, "BATCH", 2)
    for number in range(5):
        new_device(world.alice, f"phone{number}")
    settings.MASTER_KEYS = f"{NEW},{OLD}"
    assert [each.sealed for each in sealed.rotate()][-1] == 5


def test_it_leaves_what_no_key_opens_and_says_so(world: World, settings: Settings) -> None:
    fill(world)
    MfaDevice.objects.update(sealed_seed="kgone:AAAA")
    settings.MASTER_KEYS = f"{NEW},{OLD}"
    with pytest.raises(CommandError, match="1 secrets are under none of the keys"):
        call_command("rotate_master_keys", stdout=io.StringIO())
    assert MfaDevice.objects.get().sealed_seed == "kgone:AAAA"


def test_it_does_not_undo_what_was_written_meanwhile(
    world: World, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(world)
    settings.MASTER_KEYS = f"{NEW},{OLD}"
    seal = sealing.seal

    def slow(secret: Secret, place: str) -> str:
        MfaDevice.objects.update(sealed_seed="written meanwhile")
        return seal(secret, place)

    monkeypatch.setattr(sealing, "seal", slow)
    list(sealed.rotate())
    assert MfaDevice.objects.get().sealed_seed == "written meanwhile"


def test_it_starts_with_keys_that_open_what_is_stored(world: World, settings: Settings) -> None:
    fill(world)
    settings.MASTER_KEYS = f"{NEW},{OLD}"
    serve.refuse_wrong_keys()


@pytest.mark.parametrize(
    ("keys", "problem"),
    [(NEW, "there is no key `ktest`"), (NEW.replace("knew", "ktest"), "key `ktest` is another one")],
    ids=["gone", "other"],
)
def test_it_does_not_start_with_keys_that_do_not(world: World, settings: Settings, keys: str, problem: str) -> None:
    fill(world)
    settings.MASTER_KEYS = keys
    with pytest.raises(ImproperlyConfigured, match=problem):
        serve.refuse_wrong_keys()


@pytest.mark.django_db(transaction=True)
def test_it_serves_while_keys_are_renewed(settings: Settings) -> None:
    world = make_world()
    for number in range(20):
        new_device(world.alice, f"phone{number}")
    settings.MASTER_KEYS = f"{NEW},{OLD}"
    done, failures, reads = Signal(), [], []

    def read() -> None:
        try:
            while not (done.is_set() and reads):
                reads.extend(totp.seed_of(device) for device in MfaDevice.objects.all())
        except Exception as failure:
            failures.append(failure)
        finally:
            connections.close_all()

    readers: Any = [Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    list(sealed.rotate())
    done.set()
    for reader in readers:
        reader.join()
    assert failures == [] and {text.partition(":")[0] for text in texts()} == {"knew"}
