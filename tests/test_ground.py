"""The ground the tests stand on holds: no network, a database of their own, warnings that are errors."""

from __future__ import annotations

import socket
import warnings

import pytest
from django.conf import settings
from django.db import connection
from pytest_socket import SocketConnectBlockedError


@pytest.mark.filterwarnings("ignore:A test tried to use socket")
def test_it_reaches_no_other_machine() -> None:
    with socket.socket() as client, pytest.raises(SocketConnectBlockedError):
        client.connect(("192.0.2.1", 80))


@pytest.mark.django_db
def test_it_uses_a_database_made_for_this_run() -> None:
    assert "test" in str(connection.settings_dict["NAME"])


def test_it_writes_no_key_into_the_checkout() -> None:
    assert settings.BASE_DIR not in settings.VAR.parents


def test_it_takes_a_warning_for_an_error() -> None:
    with pytest.raises(DeprecationWarning):
        warnings.warn("old", DeprecationWarning, stacklevel=1)
