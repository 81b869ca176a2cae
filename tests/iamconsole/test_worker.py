"""A thread that answered a client waits a moment for its next request, unless somebody else needs the thread."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest
from gunicorn.config import Config
from gunicorn.workers.gthread import ThreadWorker

from iamconsole import worker
from iamconsole.worker import StayingWorker


class Client:
    """A connection on which so many requests have arrived."""

    def __init__(self, requests: int) -> None:
        self.sock, self.other = socket.socketpair()
        self.is_http2, self.answered = False, 0
        self.other.sendall(b"." * requests)

    def close(self) -> None:
        self.sock.close()
        self.other.close()


@pytest.fixture
def staying(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A worker whose parent class answers one byte a request."""

    def answer(self: object, conn: Client) -> bool:
        conn.answered += len(conn.sock.recv(1))
        return True

    monkeypatch.setattr(ThreadWorker, "handle", answer)
    made: Any = StayingWorker.__new__(StayingWorker)
    made.alive = True
    with ThreadPoolExecutor(1) as made.tpool:
        yield made


@pytest.fixture
def client() -> Iterator[Client]:
    made = Client(3)
    yield made
    made.close()


def test_it_answers_what_follows_at_once(staying: Any, client: Client) -> None:
    assert staying.handle(client) is True
    assert client.answered == 3


def test_it_lets_others_have_the_thread_after_many(
    staying: Any, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "MOST_IN_A_ROW", 2)
    assert staying.handle(client) is True
    assert client.answered == 2


def test_it_lets_who_waits_have_the_thread(staying: Any, client: Client) -> None:
    staying.tpool = SimpleNamespace(_work_queue=SimpleNamespace(empty=lambda: False))
    assert staying.handle(client) is True
    assert client.answered == 1


def test_it_stays_no_longer_when_it_is_to_stop(staying: Any, client: Client) -> None:
    staying.alive = False
    assert staying.handle(client) is True
    assert client.answered == 1


@pytest.mark.parametrize("ended", [False, None, "deferred"])
def test_it_asks_no_more_of_a_connection_that_ended(
    staying: Any, client: Client, monkeypatch: pytest.MonkeyPatch, ended: object
) -> None:
    monkeypatch.setattr(ThreadWorker, "handle", lambda self, conn: ended)
    assert staying.handle(client) is ended


def test_it_does_not_wait_for_ever_for_the_rest_of_a_request(
    staying: Any, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "PATIENCE_SECONDS", 0.01)
    assert staying.handle(client) is True
    client.sock.setblocking(True)
    with pytest.raises(BlockingIOError):
        client.sock.recv(1)


def test_it_keeps_every_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ThreadWorker, "init_process", lambda self: None)
    made: Any = StayingWorker.__new__(StayingWorker)
    made.cfg = Config()
    made.cfg.set("threads", 4)
    before = {name: getattr(made.cfg, name) for name in made.cfg.settings}
    made.init_process()
    assert {name: getattr(made.cfg, name) for name in made.cfg.settings} == before
    assert (made.cfg.threads, vars(made.cfg)["threads"]) == (4, 4)
