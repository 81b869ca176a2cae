from __future__ import annotations

from datetime import timedelta
from statistics import median

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import sign_in
from accounts.caller import Origin
from accounts.models import PendingSignIn
from accounts.sign_in import Claim, Step
from iamconsole.operations.secrets import Secret
from identities import passwords
from identities.models import User
from tests.accounts.views.people import PASSWORD, give_device, give_password
from tests.cast import ACCOUNT_ID
from tests.world import World, make_user, make_world

ORIGIN = Origin(source_ip="192.0.2.7", via="console")


@pytest.fixture
def world(db: None) -> World:
    world = make_world()
    give_password(world.alice)
    give_password(world.root)
    make_user("without-password")
    return world


def claims() -> dict[str, Claim]:
    return {
        "unknown account": sign_in.user_claim("999999999999", "alice"),
        "unknown user": sign_in.user_claim(ACCOUNT_ID, "nobody"),
        "no console password": sign_in.user_claim(ACCOUNT_ID, "without-password"),
        "wrong password": sign_in.user_claim(ACCOUNT_ID, "alice"),
        "unknown root": sign_in.root_claim("nobody@nowhere.example"),
        "root without password": sign_in.root_claim("root@charlie.example"),
        "wrong root password": sign_in.root_claim("root@alice.example"),
    }


def test_it_hashes_once_whatever_is_wrong(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[bool] = []
    verify = passwords.verify

    def counted(password: Secret, hashed: str | None) -> bool:
        compared.append(hashed is None)
        return verify(password, hashed)

    monkeypatch.setattr(passwords, "verify", counted)
    for why, claim in claims().items():
        before = len(compared)
        assert not sign_in.password_is_right(claim, Secret("wrong"), ORIGIN, "", timezone.now()), why
        assert len(compared) == before + 1, why


def test_it_waits_as_long_and_looks_at_nothing_when_the_try_is_over_the_limit(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = sign_in.user_claim(ACCOUNT_ID, "alice")
    for _ in range(5):
        sign_in.password_is_right(claim, Secret("wrong"), ORIGIN, "", timezone.now())
    waited: list[float] = []
    monkeypatch.setattr(passwords, "verify", None)
    monkeypatch.setattr(passwords, "sleep", waited.append)
    assert not sign_in.password_is_right(claim, Secret(PASSWORD), ORIGIN, "", timezone.now())
    assert waited == [median(passwords._took)] and waited[0] > 0


def test_it_waits_alike_for_users_that_are_there_and_not(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr(passwords, "sleep", waited.append)
    for claim in claims().values():
        for _ in range(6):
            sign_in.password_is_right(claim, Secret("wrong"), ORIGIN, "", timezone.now())
    assert len(waited) == len(claims())


def test_it_asks_the_database_equally_often_for_each_failing_user(world: World) -> None:
    counts = set()
    # The first event of an account opens its chain: that is over before the three are compared.
    sign_in.password_is_right(sign_in.user_claim(ACCOUNT_ID, "first"), Secret("wrong"), ORIGIN, "", timezone.now())
    for name in ("nobody", "without-password", "alice"):
        with CaptureQueriesContext(connection) as queries:
            claim = sign_in.user_claim(ACCOUNT_ID, name)
            sign_in.password_is_right(claim, Secret("wrong"), ORIGIN, "", timezone.now())
        counts.add(len(queries))
    assert len(counts) == 1


def test_it_lets_a_right_password_through_after_four_wrong_ones(world: World) -> None:
    claim = sign_in.user_claim(ACCOUNT_ID, "alice")
    tries = ["wrong"] * 4 + [PASSWORD]
    assert [sign_in.password_is_right(claim, Secret(text), ORIGIN, "", timezone.now()) for text in tries] == [
        False
    ] * 4 + [True]


def test_it_refuses_even_the_right_password_over_the_limit_until_the_wait_is_over(world: World) -> None:
    claim, now = sign_in.user_claim(ACCOUNT_ID, "alice"), timezone.now()
    for _ in range(5):
        sign_in.password_is_right(claim, Secret("wrong"), ORIGIN, "", now)
    later = now + timedelta(seconds=61)
    assert not sign_in.password_is_right(claim, Secret(PASSWORD), ORIGIN, "", now)
    assert sign_in.password_is_right(claim, Secret(PASSWORD), ORIGIN, "", later)


def test_it_lets_root_and_a_user_called_root_be_told_apart(world: World) -> None:
    make_user("root")
    user, root = sign_in.user_claim(ACCOUNT_ID, "root"), sign_in.root_claim("root@alice.example")
    assert user.attempt(ORIGIN, "").pair != root.attempt(ORIGIN, "").pair


def test_it_knows_which_step_is_due(world: World) -> None:
    give_password(world.bob, reset=True)
    bob, now = sign_in.user_claim(ACCOUNT_ID, "bob"), timezone.now()
    assert sign_in.next_step(bob, None, now) is Step.PASSWORD
    give_device(world.bob)
    assert sign_in.next_step(bob, None, now) is Step.MFA
    assert sign_in.next_step(bob, now, now) is Step.PASSWORD
    assert sign_in.next_step(sign_in.user_claim(ACCOUNT_ID, "alice"), None, now) is None


def test_it_holds_a_step_for_its_own_purpose_only(world: World) -> None:
    claim, now = sign_in.user_claim(ACCOUNT_ID, "alice"), timezone.now()
    token = sign_in.hold(claim, Step.MFA, now)
    assert sign_in.held(token, Step.PASSWORD, claim.version, now) is None
    assert sign_in.held(token, Step.MFA, claim.version + 1, now) is None
    assert sign_in.held(token[:-1], Step.MFA, claim.version, now) is None
    assert sign_in.held(token, Step.MFA, claim.version, now + timedelta(minutes=5)) is None
    pending = sign_in.held(token, Step.MFA, claim.version, now)
    assert pending is not None and pending.claim.user is not None and pending.claim.user.name == "alice"


def test_it_uses_a_step_once(world: World) -> None:
    token = sign_in.hold(sign_in.user_claim(ACCOUNT_ID, "alice"), Step.MFA, timezone.now())
    assert [sign_in.use(token), sign_in.use(token)] == [True, False]


def test_it_sweeps_out_steps_that_are_over(world: World) -> None:
    claim, now = sign_in.user_claim(ACCOUNT_ID, "alice"), timezone.now()
    sign_in.hold(claim, Step.MFA, now - timedelta(minutes=6))
    sign_in.hold(claim, Step.MFA, now)
    assert PendingSignIn.objects.count() == 1


def test_it_does_not_hold_a_step_for_a_user_that_is_gone(world: World) -> None:
    claim, now = sign_in.user_claim(ACCOUNT_ID, "alice"), timezone.now()
    token = sign_in.hold(claim, Step.MFA, now)
    User.objects.filter(pk=world.alice.principal_id).delete()
    assert sign_in.held(token, Step.MFA, claim.version, now) is None
