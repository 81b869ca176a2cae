"""How many AWS calls a second over HTTP: signature checked, permission decided, event written; moto beside it."""

from __future__ import annotations

import http.client
import itertools
import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from threading import Thread
from typing import NamedTuple

from iamconsole.bench.registry import figure
from iamconsole.bench.wire_servers import HOST, Server, ask, call, cpu_seconds, moto, moto_program, ours

# Short rounds in turns: the machine's own speed changes from one second to the next.
SECONDS, ROUNDS = 1.0, 6
USERS, POLICIES = 1_000, 10
CLIENTS = (1, 4)
READING = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "iam:Get*", "Resource": "*"}}
Request = tuple[bytes, dict[str, str]]
Measured = dict[str, float]


def get_user(server: Server) -> Iterator[Request]:
    return itertools.repeat(server.signed("GetUser", UserName="user0"))


def list_users(server: Server) -> Iterator[Request]:
    return itertools.repeat(server.signed("ListUsers", MaxItems="100"))


def create_user(server: Server) -> Iterator[Request]:
    return iter([server.signed("CreateUser", UserName=f"new{n}") for n in _unused(server, "CreateUser")])


def attach_user_policy(server: Server) -> Iterator[Request]:
    """Each policy to each user once: a second time there would be nothing to do."""
    return iter(
        [
            server.signed("AttachUserPolicy", UserName=f"user{n % USERS}", PolicyArn=_policy_arn(server, n // USERS))
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


CALLS: dict[str, Callable[[Server], Iterator[Request]]] = {
    "GetUser": get_user,
    "ListUsers": list_users,
    "CreateUser": create_user,
    "AttachUserPolicy": attach_user_policy,
}


@cache
def all_measured() -> Measured:
    """Every figure of this file: the servers run side by side and take turns."""
    found: Measured = {}
    with ExitStack() as stack:
        servers = {"ours": stack.enter_context(ours())}
        if moto_program():
            servers["moto"] = stack.enter_context(moto())
        for server in servers.values():
            furnish(server)
        for clients, name, _ in itertools.product(CLIENTS, CALLS, range(ROUNDS)):
            for who, server in servers.items():
                best(found, f"{who}.{name}.{clients}", measure(server, CALLS[name](server), clients))
    for name, clients in itertools.product(CALLS, CLIENTS) if moto_program() else ():
        found[f"ratio.{name}.{clients}"] = found[f"ours.{name}.{clients}.rate"] / found[f"moto.{name}.{clients}.rate"]
    return found


def best(found: Measured, key: str, run: Run) -> None:
    """The better of the rounds, figure by figure: a busy machine only makes them worse."""
    found[f"{key}.rate"] = max(run.rate, found.get(f"{key}.rate", 0.0))
    for name, value in (("cpu", run.cpu), ("p50", run.p50), ("p95", run.p95)):
        found[f"{key}.{name}"] = min(value, found.get(f"{key}.{name}", value))


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


def measure(server: Server, requests: Iterator[Request], clients: int) -> Run:
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

    def __init__(self, requests: Iterator[Request], end: float) -> None:
        self._requests, self._end = requests, end

    def __iter__(self) -> Iterator[Request]:
        return self

    def __next__(self) -> Request:
        if time.perf_counter() > self._end:
            raise StopIteration
        return next(self._requests)


def _client(port: int, requests: Iterator[Request]) -> list[float]:
    """How long each call took, in seconds."""
    connection = http.client.HTTPConnection(HOST, port, timeout=60)
    took = []
    for body, headers in requests:
        start = time.perf_counter()
        call(connection, body, headers)
        took.append(time.perf_counter() - start)
    connection.close()
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
