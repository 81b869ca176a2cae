from __future__ import annotations

import itertools
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from accounts import throttle
from accounts.models import Throttle
from accounts.throttle import Attempt, Limit

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
# The seconds of a quarter of an hour in which somebody tries: each of the first ten, then every fourth.
QUARTER = [*range(10), *range(12, 900, 4)]
BOB = Attempt("111122223333", "user/bob", "192.0.2.7")


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def admitted(attempt: Attempt, seconds: float = 0) -> bool:
    return throttle.admit_password(attempt, at(seconds))


@pytest.mark.django_db
def test_it_lets_eight_guesses_through_in_fifteen_minutes() -> None:
    through = [second for second in QUARTER if admitted(BOB, second)]
    assert through == [0, 1, 2, 3, 4, 64, 184, 424]


@pytest.mark.django_db
def test_it_never_waits_longer_than_fifteen_minutes() -> None:
    through = [second for second in range(0, 3 * 3600, 60) if admitted(BOB, second)]
    assert max(after - before for before, after in itertools.pairwise(through)) == 900


@pytest.mark.django_db
def test_it_forgets_failures_after_a_right_password() -> None:
    for _ in range(4):
        admitted(BOB)
    assert admitted(BOB)
    throttle.password_was_right(BOB)
    assert [admitted(BOB) for _ in range(6)] == [True] * 5 + [False]


@pytest.mark.django_db
def test_it_does_not_tell_a_name_by_its_case() -> None:
    loud = Attempt(BOB.account, "USER/BOB", BOB.address)
    assert [admitted(attempt) for attempt in (BOB, loud, BOB, loud, BOB, loud)] == [True] * 5 + [False]


@pytest.mark.django_db
def test_it_keeps_names_accounts_and_kinds_apart() -> None:
    for _ in range(6):
        admitted(BOB)
    assert not admitted(BOB)
    assert admitted(Attempt(BOB.account, "user/alice", BOB.address))
    assert admitted(Attempt("444455556666", BOB.name, BOB.address))
    assert throttle.admit_code(BOB, NOW)


@pytest.mark.django_db
def test_it_lets_the_victim_in_from_another_address_while_an_attack_goes_on() -> None:
    attack = [throttle.admit_password(BOB, at(number / 5)) for number in range(5 * 60)]
    assert sum(attack) == 5
    assert admitted(Attempt(BOB.account, BOB.name, "198.51.100.1"), 60)


@pytest.mark.django_db
def test_it_only_slows_down_a_name_attacked_from_everywhere() -> None:
    for number in range(10):
        for _ in range(6):
            admitted(Attempt(BOB.account, BOB.name, f"203.0.113.{number}"))
    fresh = Attempt(BOB.account, BOB.name, "198.51.100.1")
    assert [admitted(fresh), admitted(fresh), admitted(fresh, 61)] == [True, False, True]
    assert [admitted(Attempt(BOB.account, BOB.name, "198.51.100.2"), 3700) for _ in range(5)] == [True] * 5


@pytest.mark.django_db
def test_it_keeps_an_attack_away_from_a_browser_that_is_known() -> None:
    known = Attempt(BOB.account, BOB.name, BOB.address, device="abc")
    for number in range(105):
        admitted(BOB)
        admitted(Attempt(BOB.account, f"user/{number}", BOB.address))
    assert not admitted(BOB)
    assert admitted(known)


@pytest.mark.django_db
def test_it_counts_a_known_browser_too() -> None:
    known = Attempt(BOB.account, BOB.name, BOB.address, device="abc")
    assert [admitted(known) for _ in range(6)] == [True] * 5 + [False]


@pytest.mark.django_db
def test_it_lets_an_address_fail_a_hundred_times_an_hour() -> None:
    names = [Attempt(BOB.account, f"user/{number}", BOB.address) for number in range(110)]
    assert sum(admitted(attempt) for attempt in names) == 100
    assert not admitted(Attempt("444455556666", "user/charlie", BOB.address), 3599)
    assert admitted(Attempt("444455556666", "user/dana", BOB.address), 3601)


@pytest.mark.django_db
def test_it_takes_a_success_off_the_address() -> None:
    for number in range(101):
        attempt = Attempt(BOB.account, f"user/{number}", BOB.address)
        assert admitted(attempt)
        throttle.password_was_right(attempt)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("192.0.2.1", "192.0.2.2", False),
        ("not an address", "not an address", True),
    ],
)
def test_it_counts_ipv6_by_the_64(one: str, other: str, same: bool) -> None:
    assert (throttle.network(one) == throttle.network(other)) is same


@pytest.mark.django_db
def test_it_waits_after_five_codes_in_growing_steps() -> None:
    through = [second for second in QUARTER if throttle.admit_code(BOB, at(second))]
    assert through == [0, 1, 2, 3, 4, 64, 184, 424]


@pytest.mark.django_db
def test_it_keeps_names_of_bounded_length_that_do_not_tell() -> None:
    admitted(Attempt("x" * 1000, "secret-name" * 100, "192.0.2.7"))
    keys = list(Throttle.objects.values_list("key", flat=True))
    assert len(keys) == 3 and all(len(key) < 100 and "secret" not in key for key in keys)


@pytest.mark.django_db
def test_it_begins_anew_after_the_window_and_sweeps_out_what_is_old() -> None:
    admitted(Attempt(BOB.account, "user/long-gone", BOB.address))
    admitted(BOB, 50 * 3600)
    for _ in range(5):
        admitted(BOB, 50 * 3600)
    assert admitted(BOB, 75 * 3600)
    assert not Throttle.objects.filter(since__lt=at(3600)).exists()


@pytest.mark.django_db
def test_it_shows_what_is_counted_against_a_user_and_forgets_it() -> None:
    for _ in range(5):
        admitted(BOB)
    admitted(Attempt(BOB.account, BOB.name, BOB.address, device="abc"))
    throttle.admit_code(BOB, NOW)
    admitted(Attempt(BOB.account, "user/alice", BOB.address))
    shown = {(each.what, each.place, each.failures): each.until for each in throttle.counted(BOB.account, "Bob", NOW)}
    assert shown == {
        ("Password", "192.0.2.7", 5): at(60),
        ("Password", throttle.KNOWN_BROWSER, 1): None,
        ("Password, from all addresses", "", 5): None,
        ("MFA code", "192.0.2.7", 1): None,
    }
    assert throttle.counted(BOB.account, "bob", at(25 * 3600)) == []
    throttle.release(BOB.account, "bob")
    assert throttle.counted(BOB.account, "bob", NOW) == []
    assert admitted(BOB)
    assert throttle.counted(BOB.account, "alice", NOW) != []


@pytest.mark.django_db(transaction=True)
def test_it_lets_exactly_as_many_parallel_tries_through_as_fit() -> None:
    limit, results = Limit(5, timedelta(hours=1)), list[bool]()
    start = threading.Barrier(50)

    def attempt() -> None:
        start.wait()
        try:
            results.append(throttle.take("parallel", limit, NOW))
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(results), sum(results)) == (50, 5)
