"""How many AWS calls a second over HTTP: signature checked, permission decided, event written; moto beside it."""

from __future__ import annotations

import itertools
import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from statistics import median
from threading import Thread
from typing import NamedTuple

from iamconsole.bench.registry import figure
from iamconsole.bench.wire_client import Client
from iamconsole.bench.wire_servers import Server, ask, cpu_seconds, moto, moto_program, ours

# Short rounds in turns, those of one call far apart: the machine's own speed changes by the second and by the minute.
SECONDS, ROUNDS = 1.0, 6
USERS, POLICIES = 1_000, 10
CLIENTS = (1, 4)
READING = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "iam:Get*", "Resource": "*"}}
Measured = dict[str, float]


def get_user(server: Server) -> Iterator[bytes]:
    return itertools.repeat(server.ready("GetUser", UserName="user0"))


def list_users(server: Server) -> Iterator[bytes]:
    return itertools.repeat(server.ready("ListUsers", MaxItems="100"))


def create_user(server: Server) -> Iterator[bytes]:
    return iter([server.ready("CreateUser", UserName=f"new{n}") for n in _unused(server, "CreateUser")])


def attach_user_policy(server: Server) -> Iterator[bytes]:
    """Each policy to each user once: a second time there would be nothing to do."""
    return iter(
        [
            server.ready("AttachUserPolicy", UserName=f"user{n % USERS}", PolicyArn=_policy_arn(server, n // USERS))
            for n in _unused(server, "AttachUserPolicy")
        ]
    )


# Signed ahead, so that the client's own work does not count; the round ends early when they are used up. All rounds
# together make fewer users than the quota of an account.
ENOUGH = 300
_used: defaultdict[tuple[int, str], int] = defaultdict(int)


def _unused(server: Server, call: str) -> range:
    """Numbers for one round that no earlier round of this call at this server had."""
    start = _used[server.port, call]
    _used[server.port, call] += ENOUGH
    return range(start, start + ENOUGH)


def _policy_arn(server: Server, number: int) -> str:
    return f"arn:aws:iam::{server.account_id}:policy/reading{number}"


READS: dict[str, Callable[[Server], Iterator[bytes]]] = {"GetUser": get_user, "ListUsers": list_users}
WRITES: dict[str, Callable[[Server], Iterator[bytes]]] = {
    "CreateUser": create_user,
    "AttachUserPolicy": attach_user_policy,
}
CALLS = {**READS, **WRITES}


@cache
def all_measured() -> Measured:
    """Every figure of this file: the servers run side by side and take turns."""
    found: defaultdict[str, list[float]] = defaultdict(list)
    with ExitStack() as stack:
        servers = {"ours": stack.enter_context(ours())}
        if moto_program():
            servers["moto"] = stack.enter_context(moto())
        for server in servers.values():
            furnish(server)
        for names, _, clients in itertools.product((READS, WRITES), range(ROUNDS), CLIENTS):
            for name in names:
                take_turns(found, servers, name, clients)
    return {key: median(found[key]) if key.startswith("ratio.") else best(key, found[key]) for key in found}


def take_turns(found: dict[str, list[float]], servers: dict[str, Server], name: str, clients: int) -> None:
    """One round of a call at each server, and how they compare in it."""
    for who, server in servers.items():
        run = measure(server, CALLS[name](server), clients)
        for what, value in run._asdict().items():
            found[f"{who}.{name}.{clients}.{what}"].append(value)
    if "moto" in servers:
        ours_rate, moto_rate = (found[f"{who}.{name}.{clients}.rate"][-1] for who in ("ours", "moto"))
        found[f"ratio.{name}.{clients}"].append(ours_rate / moto_rate)


def best(key: str, rounds: list[float]) -> float:
    """The best of the rounds: a busy machine only makes them worse."""
    return max(rounds) if key.endswith(".rate") else min(rounds)


def furnish(server: Server) -> None:
    for number in range(POLICIES):
        name = f"reading{number}"
        ask(server.port, *server.signed("CreatePolicy", PolicyName=name, PolicyDocument=json.dumps(READING)))
    for number in range(USERS):
        ask(server.port, *server.signed("CreateUser", UserName=f"user{number}"))


class Run(NamedTuple):
    """Calls a second; in milliseconds the server's CPU time for each, and what half and 95 % of them took at most."""

    rate: float
    cpu: float
    p50: float
    p95: float


def measure(server: Server, requests: Iterator[bytes], clients: int) -> Run:
    """Ask for a while with so many clients at once."""
    took: list[list[float]] = []
    before, start = cpu_seconds(server.pid), time.perf_counter()
    shared = _Until(requests, start + SECONDS)
    threads = [Thread(target=lambda: took.append(_client(server.port, shared))) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    calls = sorted(itertools.chain(*took))
    if len(took) < clients or not calls:
        raise RuntimeError("a client failed")
    spent, cpu, done = time.perf_counter() - start, cpu_seconds(server.pid) - before, len(calls)
    return Run(done / spent, cpu * 1_000 / done, calls[done // 2] * 1_000, calls[done * 95 // 100] * 1_000)


class _Until:
    """Requests for several threads until the time is over; `next` of a list or of `repeat` is atomic already."""

    def __init__(self, requests: Iterator[bytes], end: float) -> None:
        self._requests, self._end = requests, end

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        if time.perf_counter() > self._end:
            raise StopIteration
        return next(self._requests)


def _client(port: int, requests: Iterator[bytes]) -> list[float]:
    """How long each call took, in seconds."""
    client = Client(port)
    took = []
    for request in requests:
        start = time.perf_counter()
        client.call(request)
        took.append(time.perf_counter() - start)
    client.close()
    return took


def _register(name: str, key: str, unit: str, about: str) -> None:
    def value() -> float:
        return all_measured()[key]

    value.__doc__ = about
    figure(name, unit)(value)


def _register_all() -> None:
    whose = {"ours": "iamconsole", "moto": "moto_server"} if moto_program() else {"ours": "iamconsole"}
    for call_name, clients in itertools.product(CALLS, CLIENTS):
        what = f"{call_name}, {clients} client{'s' if clients > 1 else ''}"
        for who, title in whose.items():
            key = f"{who}.{call_name}.{clients}"
            _register(f"wire.{key}.rate", f"{key}.rate", "requests/s", f"{title}: {what}, signed and authorised.")
            _register(f"wire.{key}.cpu", f"{key}.cpu", "ms", f"{title}: {what}, the server's CPU time a request.")
            _register(f"wire.{key}.p50", f"{key}.p50", "ms", f"{title}: {what}, half of the requests took at most.")
            _register(f"wire.{key}.p95", f"{key}.p95", "ms", f"{title}: {what}, 95 % of the requests took at most.")
        if "moto" in whose:
            ratio = f"ratio.{call_name}.{clients}"
            _register(f"wire.{ratio}", ratio, "times", f"{what}: ours by moto's requests a second.")


_register_all()
