"""Prepared queries give what the same query gives through the ORM."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from iamconsole.prepared import Prepared, PreparedValues, change_begins, insert, new, same_answers
from identities.models import AccessKey, LoginProfile, User
from policies.models import Attachment
from tests.cast import ACCOUNT_ID, OTHER_ACCOUNT_ID
from tests.world import World

USER: Prepared[User] = Prepared(
    lambda account_id, name: User.objects.of(account_id).filter(name=name).select_related("login_profile"),
    "account_id",
    "name",
)


def test_it_gives_the_same_object_as_the_orm(world: World) -> None:
    wanted = User.objects.get(name="bob")
    found = USER.first(account_id=ACCOUNT_ID, name="bob")
    assert found == wanted
    assert found is not None
    assert vars(found).keys() - {"_state"} == vars(wanted).keys() - {"_state"}
    assert (found.tags, found.created_at, found._state.db) == (wanted.tags, wanted.created_at, "default")


def test_it_gives_nothing_where_nothing_is(world: World) -> None:
    assert USER.first(account_id=ACCOUNT_ID, name="charlie") is None
    assert USER.first(account_id=":name:", name=":account_id:") is None


def test_it_takes_values_for_what_they_are(world: World) -> None:
    for text in (":account_id:", "' OR 1=1 --", "%s", ACCOUNT_ID):
        assert USER.first(account_id=ACCOUNT_ID, name=text) is None


def test_it_brings_related_rows_along(world: World) -> None:
    found = USER.first(account_id=ACCOUNT_ID, name="bob")
    assert getattr(found, "login_profile", None) is None
    now = timezone.now()
    LoginProfile.objects.create(
        account_id=ACCOUNT_ID, user_id=world.bob.principal_id, password="x", created_at=now, changed_at=now
    )
    found = USER.first(account_id=ACCOUNT_ID, name="bob")
    assert found is not None and found.login_profile.changed_at == now


def test_it_sets_what_was_annotated(world: World) -> None:
    asked = Prepared(
        lambda user_id: User.objects.filter(pk=user_id).annotate(has_keys=Exists(AccessKey.objects.all())), "user_id"
    )
    found = asked.first(user_id=world.bob.principal_id)
    assert getattr(found, "has_keys", None) is False


@pytest.mark.parametrize("name", ["alice", "nobody"])
def test_it_gives_the_columns_of_values(world: World, name: str) -> None:
    def rows(name: str) -> object:
        found = User.objects.filter(name=name)
        return found.annotate(called=F("name")).values_list("called", "tags", "created_at")

    asked = PreparedValues(rows, "name")  # type: ignore[arg-type]
    assert [tuple(row) for row in asked.all(name=name)] == list(rows(name))  # type: ignore[call-overload]


def test_it_leaves_out_columns_that_are_not_asked_for(world: World) -> None:
    asked = Prepared(lambda name: User.objects.filter(name=name).only("name"), "name")
    found = asked.first(name="bob")
    assert found is not None and found.get_deferred_fields() >= {"path", "tags"}
    assert found.path == "/"


def test_it_inserts_what_saving_would(world: World) -> None:
    made = User(
        id="AIDAX", account_id=ACCOUNT_ID, name="dana", tags=[{"Key": "a", "Value": "ü"}], created_at=timezone.now()
    )
    insert(made)
    found = User.objects.get(pk="AIDAX")
    assert {**vars(found), "_state": None} == {**vars(made), "_state": None}
    made.path = "/staff/"
    made.save()
    assert User.objects.get(name="dana").path == "/staff/"


def test_it_lets_the_database_number_rows(world: World) -> None:
    for number in range(2):
        arn = f"arn:aws:iam::aws:policy/P{number}"
        insert(
            Attachment(
                account_id=ACCOUNT_ID, user_id=world.bob.principal_id, policy_arn=arn, attached_at=timezone.now()
            )
        )
    first, second = Attachment.objects.filter(user_id=world.bob.principal_id).order_by("pk")
    assert (second.pk, second.policy_arn) == (first.pk + 1, "arn:aws:iam::aws:policy/P1")


def test_it_inserts_nothing_twice(world: World) -> None:
    bob = User.objects.get(name="bob")
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(bob)


def test_it_asks_once_within_one_call(world: World) -> None:
    with same_answers(), CaptureQueriesContext(connection) as queries:
        bob = USER.first(account_id=ACCOUNT_ID, name="bob")
        assert USER.first(account_id=ACCOUNT_ID, name="bob") is bob
        assert USER.first(account_id=ACCOUNT_ID, name="nobody") is None
        assert USER.first(account_id=ACCOUNT_ID, name="nobody") is None
        assert USER.first(account_id=ACCOUNT_ID, name="alice") != bob
    assert len(queries) == 3


def test_it_asks_anew_in_the_next_call(world: World) -> None:
    with same_answers():
        before = USER.first(account_id=ACCOUNT_ID, name="bob")
    User.objects.filter(name="bob").update(path="/staff/")
    for found in (USER.first(account_id=ACCOUNT_ID, name="bob"), _in_a_call("bob")):
        assert before is not None and found is not None
        assert (before.path, found.path) == ("/", "/staff/")


def _in_a_call(name: str) -> User | None:
    with same_answers():
        return USER.first(account_id=ACCOUNT_ID, name=name)


def test_it_makes_what_the_model_would_make(world: World) -> None:
    given = {"id": "AIDAEXAMPLE", "account_id": ACCOUNT_ID, "name": "dana", "created_at": timezone.now()}
    made, usual = new(User, **given), User(**given)
    assert {**vars(made), "_state": None} == {**vars(usual), "_state": None}
    assert made._state.adding
    assert new(User, **given).tags is not made.tags


def test_it_tells_once_more_what_held_when_the_change_began(world: World) -> None:
    with same_answers(5):
        bob, charlie = (USER.first(account_id=account, name=name) for account, name in _PEOPLE)
        change_begins(ACCOUNT_ID, 6)
        with CaptureQueriesContext(connection) as queries:
            assert USER.first(account_id=ACCOUNT_ID, name="bob") is bob
        assert len(queries) == 0
        # The change may be about bob; and charlie's account may have changed meanwhile.
        assert USER.first(account_id=ACCOUNT_ID, name="bob") is not bob
        assert USER.first(account_id=OTHER_ACCOUNT_ID, name="charlie") is not charlie


_PEOPLE = ((ACCOUNT_ID, "bob"), (OTHER_ACCOUNT_ID, "charlie"))


@pytest.mark.parametrize("before", [None, 4, 6])
def test_it_tells_nothing_of_before_where_others_changed_something(world: World, before: int | None) -> None:
    with same_answers(before):
        bob = USER.first(account_id=ACCOUNT_ID, name="bob")
        User.objects.filter(name="bob").update(path="/staff/")
        change_begins(ACCOUNT_ID, 6)
        found = USER.first(account_id=ACCOUNT_ID, name="bob")
    assert bob is not None and found is not None
    assert (bob.path, found.path) == ("/", "/staff/")
