from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import ConsoleSession
from accounts.session_list import browser
from iamconsole.events.models import Event
from tests.accounts.views.people import HOME, enter_password, is_signed_in
from tests.cast import ACCOUNT_ID
from tests.pages import sign_in
from tests.world import World, allow

END, END_BOBS = f"{HOME}sessions/end/", "/iam/users/bob/sessions/end/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
SECURITY = "/iam/users/bob/security-credentials/"


def signed_in(name: str = "bob", **headers: str) -> Client:
    client = Client(headers=headers)
    enter_password(client, name)
    return client


def ids(user_id: str) -> list[str]:
    """A user's sessions, the oldest first."""
    return list(ConsoleSession.objects.filter(user_id=user_id).order_by("since").values_list("pk", flat=True))


def test_it_lists_my_sessions(world: World) -> None:
    signed_in(user_agent=FIREFOX)
    here = signed_in()
    page = here.get(HOME).content.decode()
    assert "Firefox on Linux" in page and page.count("This session") == 1 and "127.0.0.1" in page
    assert page.count(">End session<") == 2


def test_it_ends_one_of_mine_at_once(world: World) -> None:
    other, here = signed_in(), signed_in()
    answer = here.post(END, {"session": ids(world.bob.principal_id)[0]})
    assert answer.headers["Location"] == f"{HOME}#sessions"
    assert "Session ended." in here.get(HOME).content.decode()
    assert is_signed_in(here) and not is_signed_in(other)


def test_it_ends_all_but_this_one(world: World) -> None:
    others, here, alice = [signed_in(), signed_in()], signed_in(), signed_in("alice")
    here.post(END, {"session": "others"})
    assert "2 sessions ended." in here.get(HOME).content.decode()
    assert [is_signed_in(each) for each in (*others, here, alice)] == [False, False, True, True]


def test_it_signs_out_where_the_session_ended_is_this_one(world: World) -> None:
    here = signed_in()
    assert here.post(END, {"session": ids(world.bob.principal_id)[0]}).headers["Location"] == "/signed-out/"
    assert not is_signed_in(here)


def test_it_leaves_the_sessions_of_others_alone(world: World) -> None:
    alice, here = signed_in("alice"), signed_in()
    here.post(END, {"session": ids(world.alice.principal_id)[0]})
    assert is_signed_in(alice)
    assert not Event.objects.filter(name="EndConsoleSession").exists()


@pytest.mark.parametrize("wanted", ["", "x" * 40, "\x00", "None"])
def test_it_says_so_of_a_session_that_is_not_there(world: World, wanted: str) -> None:
    here = signed_in()
    here.post(END, {"session": wanted})
    assert "had ended already" in here.get(HOME).content.decode()


def test_it_shows_and_ends_a_users_sessions_for_an_administrator(client: Client, world: World) -> None:
    bobs = [signed_in(user_agent=FIREFOX), signed_in()]
    sign_in(client, world.alice)
    page = client.get(SECURITY).content.decode()
    assert "Console sessions" in page and "Firefox on Linux" in page and "This session" not in page
    client.post(END_BOBS, {"session": ids(world.bob.principal_id)[0]})
    assert [is_signed_in(each) for each in bobs] == [False, True]
    client.post(END_BOBS, {"session": "others"})
    assert not is_signed_in(bobs[1]) and is_signed_in(client)
    events = Event.objects.filter(name="EndConsoleSession", account_id=ACCOUNT_ID)
    assert [event.user_name for event in events] == ["alice", "alice"]
    assert events[0].record["requestParameters"] == {"userName": "bob", "sessions": 1}


def test_it_needs_the_permission_to_set_the_users_password(client: Client, world: World) -> None:
    alice = signed_in("alice")
    sign_in(client, world.bob)
    given = {"session": ids(world.alice.principal_id)[0]}
    address = "/iam/users/alice/sessions/end/"
    answer = client.post(address, given)
    assert answer.status_code == 403 and "iam:UpdateLoginProfile" in answer.content.decode()
    assert is_signed_in(alice)
    assert Event.objects.filter(name="UpdateLoginProfile", error_code="AccessDenied").count() == 1
    allow(world.bob, "iam:UpdateLoginProfile")
    assert client.post(address, given).status_code == 303
    assert not is_signed_in(alice)


def test_it_shows_a_users_sessions_to_nobody_who_may_not_know_of_the_password(client: Client, world: World) -> None:
    signed_in("alice", user_agent=FIREFOX)
    sign_in(client, world.bob)
    assert "Firefox" not in client.get("/iam/users/alice/security-credentials/").content.decode()


def test_it_knows_no_user_of_another_account(client: Client, world: World) -> None:
    bob = signed_in()
    sign_in(client, world.charlie)
    assert client.post(END_BOBS, {"session": "others"}).status_code == 404
    assert is_signed_in(bob)


def test_it_ends_after_the_idle_limit_and_not_while_somebody_works(world: World, settings: object) -> None:
    settings.IDLE_MINUTES = 30  # type: ignore[attr-defined]
    start = timezone.now()
    with time_machine.travel(start, tick=False):
        here = signed_in()
    for minutes in (25, 50, 75):
        with time_machine.travel(start + timedelta(minutes=minutes), tick=False):
            assert is_signed_in(here)
    with time_machine.travel(start + timedelta(minutes=105, seconds=1), tick=False):
        assert not is_signed_in(here)


def test_it_takes_no_question_after_the_time_for_a_sign_of_life(world: World, settings: object) -> None:
    settings.IDLE_MINUTES = 10  # type: ignore[attr-defined]
    start = timezone.now()
    with time_machine.travel(start, tick=False):
        here = signed_in()
    with time_machine.travel(start + timedelta(minutes=8), tick=False):
        assert here.get("/session/").json() == {"seconds": 120}
        assert here.get("/session/").json() == {"seconds": 120}
        assert here.post("/session/").json() == {"seconds": 600}


def test_it_tells_how_long_a_session_holds_and_nothing_of_none(client: Client, world: World) -> None:
    start = timezone.now()
    with time_machine.travel(start, tick=False):
        here = signed_in()
        assert here.get("/session/").json() == {"seconds": 12 * 3600}
    with time_machine.travel(start + timedelta(hours=12, minutes=1), tick=False):
        assert here.get("/session/").status_code == 204
    assert client.get("/session/").status_code == 204


def test_it_writes_when_it_was_last_seen_once_a_minute(world: World) -> None:
    start = timezone.now()
    here = signed_in()
    seen = ConsoleSession.objects.get().last_seen
    with time_machine.travel(start + timedelta(seconds=50), tick=False):
        here.get(HOME)
        assert ConsoleSession.objects.get().last_seen == seen
    with time_machine.travel(start + timedelta(seconds=70), tick=False):
        here.get(HOME)
        assert ConsoleSession.objects.get().last_seen > seen


def test_it_ends_the_old_session_when_somebody_signs_in_anew(world: World) -> None:
    here = signed_in()
    copy = Client()
    copy.cookies["session"] = here.cookies["session"].value
    enter_password(here, "bob")
    assert is_signed_in(here) and not is_signed_in(copy)
    assert ConsoleSession.objects.filter(ended_at=None).count() == 1


def test_it_forgets_rows_that_are_over_long_since(world: World) -> None:
    with time_machine.travel(timezone.now() - timedelta(hours=13), tick=False):
        signed_in()
    signed_in()
    assert ConsoleSession.objects.count() == 1


def test_it_keeps_this_session_and_ends_the_others_when_the_password_changes(world: World) -> None:
    allow(world.bob, "iam:ChangePassword")
    other, here = signed_in(), signed_in()
    given = {"old": "correct-Horse-7", "new": "another-Word-55", "again": "another-Word-55"}
    assert here.post(f"{HOME}password/", given).status_code == 303
    assert is_signed_in(here) and not is_signed_in(other)
    assert ConsoleSession.objects.filter(ended_at=None, version=2).count() == 1


@pytest.mark.parametrize(
    ("user_agent", "shown"),
    [
        (FIREFOX, "Firefox on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari on iOS"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"),
        ("curl/8.5.0", "curl/8.5.0"),
        ("", "Unknown"),
    ],
)
def test_it_names_the_browser(user_agent: str, shown: str) -> None:
    assert browser(user_agent) == shown


def test_it_comes_back_to_the_page_where_a_fragment_found_the_session_ended(client: Client, world: World) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/iam/users/?q=a"}
    answer = client.get("/iam/users/", {"q": "ab"}, headers=headers)
    assert answer.headers["HX-Redirect"] == "/signin/?next=%2Fiam%2Fusers%2F%3Fq%3Da"
