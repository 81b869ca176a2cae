"""The event history is a chain: what is done to it behind the console's back shows."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from accounts.caller import Caller, system_caller
from iamconsole.events import chain
from iamconsole.events.models import Chain, Event, HistoryStands
from iamconsole.operations.door import perform
from iamconsole.operations.errors import ApiError
from tests.cast import ACCOUNT_ID, OTHER_ACCOUNT_ID
from tests.history import unguarded
from tests.world import World, make_world

LAST = 9


@pytest.fixture
def events(world: World) -> list[Event]:
    """Ten events of alice's account: five users made, five read."""
    for number in range(5):
        perform(world.alice, "iam:CreateUser", {"UserName": f"dana{number}", "Tags": [{"Key": "b", "Value": "ü"}]})
        perform(world.alice, "iam:GetUser", {"UserName": f"dana{number}"})
    return list(Event.objects.filter(account_id=ACCOUNT_ID).order_by("id"))


def outcome(account_id: str = ACCOUNT_ID) -> chain.Progress:
    return list(chain.verify(account_id))[-1]


def run(*args: str) -> str:
    out = StringIO()
    call_command("verify_events", *args, stdout=out)
    return out.getvalue()


def test_it_links_what_was_done_refused_and_failed(world: World, events: list[Event]) -> None:
    for caller, name in ((world.bob, "dana0"), (world.alice, "nobody")):
        with pytest.raises(ApiError):
            perform(caller, "iam:GetUser", {"UserName": name})
    found = outcome()
    assert (found.events, found.broken) == (12, "")
    assert found.digest == Chain.objects.get(pk=ACCOUNT_ID).digest == Event.objects.order_by("-id")[0].digest


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "DeleteUser"},
        {"source_ip": "192.0.2.1"},
        {"user_name": "bob"},
        {"error_code": "AccessDenied"},
        {"read_only": None},
        {"record": {"eventName": "CreateUser"}},
        {"decision": None},
        {"event_id": None},
        {"digest": "f" * 64},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_it_names_the_row_that_was_changed(events: list[Event], changes: dict[str, object]) -> None:
    victim = events[4]
    fresh = {"read_only": not victim.read_only, "event_id": uuid4()}
    unguarded().filter(pk=victim.pk).update(**{key: fresh.get(key, value) for key, value in changes.items()})
    found = outcome()
    assert found.events == 4
    assert found.broken.endswith(f"row {victim.pk}")


def take_out(events: list[Event]) -> None:
    unguarded().filter(pk=events[4].pk).delete()


def take_the_first_out(events: list[Event]) -> None:
    unguarded().filter(pk=events[0].pk).delete()


def take_the_last_out(events: list[Event]) -> None:
    unguarded().filter(pk=events[LAST].pk).delete()


def take_all_out(events: list[Event]) -> None:
    unguarded().delete()


def swap_two(events: list[Event]) -> None:
    rows, spare = unguarded(), 10**9
    for old, new in ((events[4].pk, spare), (events[5].pk, events[4].pk), (spare, events[5].pk)):
        rows.filter(pk=old).update(id=new)


def put_one_in(events: list[Event]) -> None:
    Event.objects.create(
        event_id=uuid4(), account_id=ACCOUNT_ID, at=events[0].at, name="GetUser", read_only=True, record={}
    )


def give_one_to_another_account(events: list[Event]) -> None:
    unguarded().filter(pk=events[LAST].pk).update(account_id=OTHER_ACCOUNT_ID)


@pytest.mark.parametrize(
    ("tamper", "whole"),
    [
        (take_out, 4),
        (take_the_first_out, 0),
        (take_the_last_out, 9),
        (take_all_out, 0),
        (swap_two, 4),
        (put_one_in, 10),
        (give_one_to_another_account, 9),
    ],
)
def test_it_notices(events: list[Event], tamper: Callable[[list[Event]], None], whole: int) -> None:
    tamper(events)
    found = outcome()
    assert found.events == whole
    assert found.broken


def test_it_is_there_to_be_read_and_added_to_only(events: list[Event]) -> None:
    event = events[0]
    tries: list[Callable[[], object]] = [
        event.save,
        event.delete,
        lambda: Event.objects.update(name="DeleteUser"),
        lambda: Event.objects.filter(pk=event.pk).delete(),
        lambda: Event.objects.bulk_update([event], ["name"]),
    ]
    for each in tries:
        with pytest.raises(HistoryStands):
            each()
    assert outcome().broken == ""


def test_it_records_a_call_across_accounts_in_both_chains(world: World) -> None:
    trust = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::444455556666:root"},"Action":"sts:AssumeRole"}]}'  # fmt: skip # noqa: E501
    made = perform(world.alice, "iam:CreateRole", {"RoleName": "Guests", "AssumeRolePolicyDocument": trust})
    arn = made["Role"]["Arn"]  # type: ignore[index]
    perform(world.charlie, "sts:AssumeRole", {"RoleArn": arn, "RoleSessionName": "charlie"})
    assert [(outcome(each).events, outcome(each).broken) for each in chain.accounts()] == [(2, ""), (1, "")]


def test_it_begins_a_new_chain_when_an_account_is_reset(world: World) -> None:
    system = system_caller("777788889999")
    perform(system, "iamconsole:CreateAccount", {"AccountName": "Lab", "Email": "root@new.example"})
    perform(system, "iam:CreateUser", {"UserName": "dana"})
    perform(system, "iamconsole:ResetAccount")
    found = outcome("777788889999")
    assert (found.events, found.broken) == (2, "")


def test_it_links_a_history_from_before_there_was_a_chain(events: list[Event]) -> None:
    unguarded().update(digest="")
    Chain.objects.all().delete()
    state = MigrationLoader(connection).project_state(("events", "0002_chain"))
    import_module("iamconsole.events.migrations.0002_chain").link(state.apps, None)
    assert (outcome().events, outcome().broken) == (10, "")


def test_it_tells_by_a_command_how_the_history_stands(events: list[Event]) -> None:
    end = events[LAST].digest
    assert run() == run(ACCOUNT_ID) == f"{ACCOUNT_ID}: 10 events follow each other, the last has digest {end}\n"
    unguarded().filter(pk=events[7].pk).update(source_ip="192.0.2.1")
    with pytest.raises(CommandError, match=r"1 account\(s\)"):
        run()


@pytest.mark.django_db(transaction=True)
def test_it_keeps_one_chain_under_parallel_writers() -> None:
    world = make_world()

    def work(caller: Caller) -> None:
        try:
            for _ in range(5):
                perform(caller, "iam:GetUser", {"UserName": caller.name})
        except ApiError:
            pass  # bob may not: that is recorded too
        finally:
            connection.close()

    callers = [world.alice, world.charlie, world.bob] * 3
    with ThreadPoolExecutor(len(callers)) as pool:
        list(pool.map(work, callers))
    found = [(outcome(each).events, outcome(each).broken) for each in (ACCOUNT_ID, OTHER_ACCOUNT_ID)]
    assert found == [(3 * 5 + 3, ""), (3 * 5, "")]
