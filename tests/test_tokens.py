"""Every token for its own purpose: each kind there is, held up to every door of the others, opens none."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.core import mail
from django.middleware.csrf import get_token
from django.test import Client, RequestFactory
from django.utils import timezone

from accounts import sign_in
from accounts.models import ConsoleSession, MailedLink, PendingSignIn
from accounts.sign_in import Step
from iamconsole.operations.secrets import Secret
from iamconsole.sealing import SealBroken, seal, unseal
from identities import challenges
from identities.mfa_kinds import MfaKind
from tests.accounts.views.people import HOME, enter_password, give_device, give_password
from tests.cast import ACCOUNT_ID
from tests.pages import session_key
from tests.world import World

RESET, ASSIGN = "/signin/root/reset/{}/", "/iam/security-credentials/mfa/assign/{}/"
Door = Callable[[str], bool]


def tokens(world: World, alices: Client) -> dict[str, str]:
    """One of each kind, all of them good at this moment."""
    now = timezone.now()
    bob, root = sign_in.user_claim(ACCOUNT_ID, "bob"), sign_in.root_claim("root@alice.example")
    Client().post("/signin/root/forgot-password/", {"email": "root@alice.example"})
    mailed = re.search(r"/signin/root/reset/(\S+)/", str(mail.outbox[-1].body))
    app = alices.post("/iam/security-credentials/mfa/assign/", {"name": "phone", "kind": MfaKind.VIRTUAL.value})
    known = Client()
    enter_password(known, "alice")
    device = next(cookie.value for name, cookie in known.cookies.items() if name.startswith("device_"))
    assert mailed
    return {
        "code step": sign_in.hold(bob, Step.MFA, now),
        "password step": sign_in.hold(bob, Step.PASSWORD, now),
        "root's code step": sign_in.hold(root, Step.MFA, now),
        "passkey at sign-in": challenges.issue(ACCOUNT_ID, challenges.binding("sign-in", "x"), now),
        "passkey to assign": challenges.issue(ACCOUNT_ID, challenges.binding("assign", "x"), now),
        "mailed link": mailed[1],
        "mailed link as kept": MailedLink.objects.get().digest,
        "app to assign": app.headers["Location"].rstrip("/").rpartition("/")[2],
        "session": session_key(world.alice),
        "session as kept": ConsoleSession.objects.latest("since").pk,
        "known device": device,
        "form": get_token(RequestFactory().get("/")),
    }  # fmt: skip


def doors(alices: Client) -> dict[str, Door]:
    """What each kind opens, asked of any token."""
    now = timezone.now()

    def step(wanted: Step) -> Door:
        return lambda token: any(sign_in.held(token, wanted, version, now) for version in (1, 2))

    def challenge(purpose: str) -> Door:
        bound = challenges.binding(purpose, "x")
        return lambda token: challenges.take(ACCOUNT_ID, token, bound, now)

    def cookie(token: str) -> bool:
        thief = Client()
        thief.cookies[settings.SESSION_COOKIE_NAME] = token
        return thief.get(HOME).status_code == 200

    return {
        "code step": step(Step.MFA),
        "password step": step(Step.PASSWORD),
        "passkey at sign-in": challenge("sign-in"),
        "passkey to assign": challenge("assign"),
        "mailed link": lambda token: 'name="new"' in Client().get(RESET.format(token)).content.decode(),
        "app to assign": lambda token: alices.get(ASSIGN.format(token)).status_code == 200,
        "session": cookie,
    }


@pytest.fixture
def alices(client: Client, world: World) -> Client:
    give_password(world.alice)
    give_password(world.bob)
    give_device(world.bob, "bobs")
    client.cookies[settings.SESSION_COOKIE_NAME] = session_key(world.alice)
    return client


def test_each_opens_its_own_door_and_no_other(world: World, alices: Client) -> None:
    made, opened = tokens(world, alices), set[tuple[str, str]]()
    pairs = list(itertools.product(made, doors(alices)))
    assert len(pairs) == 84
    own = {(kind, kind) for kind in doors(alices)} | {("root's code step", "code step")}
    # Those that are used up by their own door come last.
    for kind, door in sorted(pairs, key=lambda pair: pair in own):
        if doors(alices)[door](made[kind]):
            opened.add((kind, door))
    assert opened == own


def test_a_step_that_waits_is_worth_nothing_as_a_cookie_or_beside_one(world: World, alices: Client) -> None:
    """The session that waits for a code names its step; no other session can be given it from outside."""
    half = Client()
    enter_password(half, "bob")
    token = PendingSignIn.objects.get().token
    for name in (settings.SESSION_COOKIE_NAME, "pending_sign_in", "token", "signed_in"):
        thief = Client()
        thief.cookies[name] = token
        answer = thief.post("/signin/mfa/", {"code": "123456", "token": token, "pending_sign_in": token})
        assert answer.headers["Location"] == "/signin/"
    assert half.get("/signin/mfa/").status_code == 200


PLACES = [
    "access_key|AKIA{}|111122223333", "mfa_device|arn:aws:iam::111122223333:mfa/{}|111122223333",
    "saml_key|{}|111122223333", "session_token|ASIA{}", "mfa_enrolment|{}", "new_access_key|{}",
    "authorization_message|11112222333{}",
]  # fmt: skip


def test_a_ciphertext_opens_in_its_own_place_alone() -> None:
    places = [place.format(number) for place in PLACES for number in (1, 2)]
    sealed = {place: seal(Secret(f"secret of {place}"), place) for place in places}
    swapped = list(itertools.permutations(places, 2))
    assert len(swapped) == 182
    for place, elsewhere in swapped:
        with pytest.raises(SealBroken):
            unseal(sealed[elsewhere], place)
    assert {unseal(text, place).reveal() for place, text in sealed.items()} == {f"secret of {each}" for each in places}
