"""What a log or a traceback would write of an object has no secret in it: every dataclass of the house is looked at."""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType

import accounts
import iamconsole
import identities
import policies

# Names under which something secret lies as plain text. `Secret` itself shows nothing.
SECRET = {
    "secret",
    "password",
    "token",
    "seed",
    "qr",
    "csv_url",
    "csv",
    "codes",
    "assertion",
    "answer",
    "session_token",
}
PLAIN = {"str", "bytes"}
# A name for a draft in one's own session, which opens nothing elsewhere.
HARMLESS = {"identities.views.role_wizard.RoleWizard.token"}


def modules() -> Iterator[ModuleType]:
    for package in (accounts, identities, policies, iamconsole):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not any(
                part in found.name for part in (".migrations", ".management", ".bench", ".setup", "asgi", "wsgi")
            ):
                yield importlib.import_module(found.name)


def dataclasses_of(module: ModuleType) -> Iterator[type]:
    for value in vars(module).values():
        if isinstance(value, type) and dataclasses.is_dataclass(value) and value.__module__ == module.__name__:
            yield value


def test_no_dataclass_shows_a_secret() -> None:
    looked_at, shown = 0, []
    for module in modules():
        for each in dataclasses_of(module):
            looked_at += 1
            fields = [field for field in dataclasses.fields(each) if field.name in SECRET and field.type in PLAIN]
            shown += [f"{module.__name__}.{each.__name__}.{field.name}" for field in fields if field.repr]
    assert set(shown) == HARMLESS
    assert looked_at > 100
