"""How fast pages are, and how many queries they take."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from functools import cache, partial

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.caller import Caller
from iamconsole.bench.pages_world import (
    ACCOUNT_ID,
    POLICY_ARN,
    change_something,
    furnish,
    signed_in,
    throw_away_database,
)
from iamconsole.bench.registry import figure
from iamconsole.operations import door
from iamconsole.operations.registry import Target

SECONDS = 5.0
MAIN_PAGES: dict[str, dict[str, str]] = {
    "dashboard": {},
    "users": {},
    "user": {"name": "user00"},
    "groups": {},
    "roles": {},
    "policies": {},
    "policy": {"arn": POLICY_ARN},
    "events": {},
    "simulator": {},
}
BOB = Target(f"arn:aws:iam::{ACCOUNT_ID}:user/bob")
HOW = "Django's test client with a real session, one client, no HTTP server between"
Measured = dict[str, float]


@cache
def all_measured() -> Measured:
    """Every figure of this file, from one throw-away database."""
    with throw_away_database():
        caller = furnish()
        client = signed_in()
        return {**decision_queries(caller), **page_queries(client), **users_list(client, SECONDS)}


def decision_queries(caller: Caller) -> Measured:
    """Queries of one decision, the first after a write in the account and the next."""
    change_something()
    cold = queries(lambda: door.decide(caller, "iam:GetUser", BOB))
    return {"decision.cold": cold, "decision.warm": queries(lambda: door.decide(caller, "iam:GetUser", BOB))}


def page_queries(client: Client) -> Measured:
    """Queries of each main page, the first time after a write in the account and the next time."""
    found: Measured = {}
    for name, arguments in MAIN_PAGES.items():
        look = partial(see, client, reverse(name, kwargs=arguments))
        change_something()
        found[f"{name}.cold"] = queries(look)
        found[f"{name}.warm"] = queries(look)
    return found


def users_list(client: Client, seconds: float) -> Measured:
    """The same page again and again: how many a second, and how long one of them takes."""
    address = reverse("users")
    times: list[float] = []
    start = time.perf_counter()
    while len(times) < 2 or time.perf_counter() - start < seconds:
        before = time.perf_counter()
        see(client, address)
        times.append((time.perf_counter() - before) * 1_000)
    return {
        "users.rate": len(times) / (time.perf_counter() - start),
        "users.p50": statistics.median(times),
        "users.p95": statistics.quantiles(times, n=20, method="inclusive")[-1],
    }


def see(client: Client, address: str) -> None:
    """A page that does not come would be fast, and would measure nothing."""
    answer = client.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answered {answer.status_code}")


def queries(work: Callable[[], object]) -> float:
    with CaptureQueriesContext(connection) as seen:
        work()
    return float(len(seen))


def _register(name: str, key: str, unit: str, about: str) -> None:
    def measure() -> float:
        return all_measured()[key]

    measure.__doc__ = about
    figure(name, unit)(measure)


_register("pages.users.rate", "users.rate", "pages/s", f"The users list with 50 users, pages a second: {HOW}.")
_register("pages.users.p50", "users.p50", "ms", f"The users list with 50 users, the median time: {HOW}.")
_register("pages.users.p95", "users.p95", "ms", f"The users list with 50 users, 95 of 100 are faster: {HOW}.")
for _when, _meaning in (("cold", "the first time after a write in the account"), ("warm", "once more")):
    _register(f"queries.decision.{_when}", f"decision.{_when}", "queries", f"Queries of one decision, {_meaning}.")
    for _name in MAIN_PAGES:
        _about = f"Database statements of the page `{_name}`, session and event history included, {_meaning}."
        _register(f"queries.{_name}.{_when}", f"{_name}.{_when}", "queries", _about)
