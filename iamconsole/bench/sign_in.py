"""Signing in under load: a class at nine o'clock, an owner while somebody guesses, and whether time tells a secret."""

from __future__ import annotations

import base64
import itertools
import json
import sqlite3
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from xml.etree import ElementTree

import pyotp

from iamconsole.bench.browser import Browser, Page
from iamconsole.bench.registry import figure
from iamconsole.bench.wire_servers import Server, ask, ours

STUDENTS, AT_ONCE, CLASS_SECONDS = 200, 20, 60.0
TRIES = 200
SHARERS = 20
ATTACK_SECONDS, GUESSES_A_SECOND, GUESSERS = 60.0, 50, 16
STEP = 30
PASSWORD = "Correct-horse-battery-9"  # noqa: S105
SIGN_IN = "/signin/?kind=user"
READING = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "iam:Get*", "Resource": "*"}}
Measured = dict[str, float]


@dataclass(frozen=True)
class Student:
    """A user with a password and, mostly, an authenticator app."""

    name: str
    seed: str = ""

    def code(self) -> str:
        return str(pyotp.TOTP(self.seed).now())


@cache
def class_measured() -> Measured:
    """A class signs in with password and code, `AT_ONCE` at a time, from one address as behind a school's router."""
    with ours() as server:
        students = [enrolled(server, f"student{number:03}") for number in range(STUDENTS)]
        times: list[float] = []
        failures = itertools.count()
        start = time.perf_counter()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for took in pool.map(lambda student: timed(lambda: enter(server, student)), students):
                times.append(took) if took is not None else next(failures)
        return {
            "class.seconds": time.perf_counter() - start,
            "class.failures": float(next(failures)),
            "class.p95": statistics.quantiles(times, n=20, method="inclusive")[-1],
        }


@cache
def attack_measured() -> Measured:
    """Fifty guesses a second against one user for a minute; the owner signs in meanwhile from another address."""
    with ours() as server:
        owner = with_password(server, "owner")
        over = threading.Event()
        pace = Pace(GUESSES_A_SECOND, over)
        guessers = [threading.Thread(target=guess, args=(server, owner, pace)) for _ in range(GUESSERS)]
        for thread in guessers:
            thread.start()
        time.sleep(ATTACK_SECONDS / 2)
        owners = timed(lambda: enter(server, owner, "127.0.0.3"))
        time.sleep(ATTACK_SECONDS / 2)
        over.set()
        for thread in guessers:
            thread.join()
        return {
            "attack.tried": float(next(pace.made)),
            "attack.let_through": float(failures_recorded(server)),
            "attack.owner": owners if owners is not None else float("inf"),
        }


@cache
def gap_measured() -> Measured:
    """How long four kinds of failure take, in turns, each from an address of its own so that none is slowed down."""
    with ours() as server:
        with_password(server, "owner")
        call(server, "CreateUser", UserName="silent")
        account = server.account_id
        kinds = {
            "unknown account": ("999999999999", "owner"),
            "unknown user": (account, "nobody"),
            "wrong password": (account, "owner"),
            "no console password": (account, "silent"),
        }
        times: dict[str, list[float]] = {kind: [] for kind in kinds}
        for number in range(TRIES):
            for kind, (account, name) in kinds.items():
                browser = Browser(server.port, f"127.0.{1 + number // 200}.{1 + number % 200}")
                page = browser.get(SIGN_IN)
                before = time.perf_counter()
                browser.post(page, account=account, user_name=name, password="Wrong-horse-battery-9")  # noqa: S106
                times[kind].append((time.perf_counter() - before) * 1_000)
        medians = [statistics.median(each) for each in times.values()]
        return {"gap": max(medians) - min(medians), "median": statistics.median(medians)}


@cache
def code_measured() -> Measured:
    """One code from many browsers of the same user at the same moment, all past the password."""
    with ours() as server:
        student = enrolled(server, "student")
        browsers = [Browser(server.port) for _ in range(SHARERS)]
        pages = [try_password(browser, server, student, PASSWORD) for browser in browsers]
        code, together = student.code(), threading.Barrier(SHARERS)

        def share(browser: Browser, page: Page) -> bool:
            together.wait()
            return browser.post(page, code=code).path.startswith("/iam/")

        with ThreadPoolExecutor(SHARERS) as pool:
            return {"code": float(sum(pool.map(share, browsers, pages)))}


def timed(work: Callable[[], bool]) -> float | None:
    """Seconds that it took; None when it did not work."""
    before = time.perf_counter()
    return time.perf_counter() - before if work() else None


def enter(server: Server, student: Student, address: str = "127.0.0.1") -> bool:
    """From the sign-in page to the first page of the console."""
    browser = Browser(server.port, address)
    page = try_password(browser, server, student, PASSWORD)
    if student.seed and page.path.startswith("/signin/mfa/"):
        page = browser.post(page, code=student.code())
    return page.status == 200 and page.path.startswith("/iam/")


def try_password(browser: Browser, server: Server, student: Student, password: str) -> Page:
    page = browser.get(SIGN_IN)
    return browser.post(page, account=server.account_id, user_name=student.name, password=password)


def guess(server: Server, owner: Student, pace: Pace) -> None:
    """Wrong passwords from one address, as fast as the pace allows."""
    browser = Browser(server.port, "127.0.0.2")
    page = browser.get(SIGN_IN)
    for number in pace:
        page = browser.post(page, account=server.account_id, user_name=owner.name, password=f"Guess-number-{number}")


class Pace(Iterator[int]):
    """Numbers, so many a second for all threads together, until it is over."""

    def __init__(self, rate: float, over: threading.Event) -> None:
        self._start, self._rate, self._over = time.perf_counter(), rate, over
        self.made = itertools.count()

    def __next__(self) -> int:
        if self._over.is_set():
            raise StopIteration
        number = next(self.made)
        self._over.wait(max(0.0, self._start + number / self._rate - time.perf_counter()))
        return number


def failures_recorded(server: Server) -> int:
    """Guesses that were held against a password: what is refused before is not recorded."""
    with closing(sqlite3.connect(server.database)) as database:
        query = "SELECT count(*) FROM events_event WHERE name = 'ConsoleLogin' AND error_message <> ''"
        return int(database.execute(query).fetchone()[0])


def enrolled(server: Server, name: str) -> Student:
    """A user with a password and an authenticator app, enrolled with the two codes before now's."""
    with_password(server, name)
    made = ElementTree.fromstring(call(server, "CreateVirtualMFADevice", VirtualMFADeviceName=name))  # noqa: S314
    serial, sealed = (made.findtext(f".//{{*}}{tag}") or "" for tag in ("SerialNumber", "Base32StringSeed"))
    seed = base64.b64decode(sealed).decode()
    totp, now = pyotp.TOTP(seed), time.time()
    codes = {"AuthenticationCode1": totp.at(now - 2 * STEP), "AuthenticationCode2": totp.at(now - STEP)}
    call(server, "EnableMFADevice", UserName=name, SerialNumber=serial, **codes)
    return Student(name, seed)


def with_password(server: Server, name: str) -> Student:
    call(server, "CreateUser", UserName=name)
    call(server, "CreateLoginProfile", UserName=name, Password=PASSWORD)
    policy = {"UserName": name, "PolicyName": "reading", "PolicyDocument": json.dumps(READING)}
    call(server, "PutUserPolicy", **policy)
    return Student(name)


def call(server: Server, action: str, **parameters: str) -> bytes:
    return ask(server.port, *server.signed(action, **parameters))


def _register(name: str, unit: str, measured: Callable[[], Measured], key: str, about: str) -> None:
    def value() -> float:
        return measured()[key]

    value.__doc__ = about
    figure(f"sign_in.{name}", unit)(value)


_CLASS = f"{STUDENTS} students with password and code, {AT_ONCE} at a time from one address"
_ATTACK = f"{GUESSES_A_SECOND} guesses a second for {ATTACK_SECONDS:.0f} s against one user"
_GAP = f"unknown account, unknown user, wrong password, no console password, {TRIES} tries each"
_register("class.failures", "sign-ins", class_measured, "class.failures", f"{_CLASS}: how many did not get in.")
_register("class.p95", "s", class_measured, "class.p95", f"{_CLASS}: 95 of 100 are in sooner.")
_register("class.seconds", "s", class_measured, "class.seconds", f"{_CLASS}: until all are in.")
_register("attack.tried", "guesses", attack_measured, "attack.tried", f"{_ATTACK}: guesses sent.")
_register(
    "attack.let_through", "guesses", attack_measured, "attack.let_through", f"{_ATTACK}: held against a password."
)
_register("attack.owner", "s", attack_measured, "attack.owner", f"{_ATTACK}: the owner's sign-in from elsewhere.")
_register("gap", "ms", gap_measured, "gap", f"The largest gap between the medians of {_GAP}.")
_register("failure", "ms", gap_measured, "median", f"A failed sign-in, the median of {_GAP}.")
_register(
    "code", "sign-ins", code_measured, "code", f"One code from {SHARERS} browsers at the same moment: how many get in."
)
