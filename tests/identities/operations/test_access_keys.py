"""Access keys: two at most, a secret shown once, each to its own user."""

from __future__ import annotations

import pytest
from django.utils import timezone

from iamconsole.events.models import Event
from iamconsole.sealing import SealBroken
from identities import key_secrets
from identities.models import AccessKey
from tests.cast import ACCOUNT_ID
from tests.identities.steps import do, error, together
from tests.world import World, allow


@pytest.fixture
def key(world: World) -> str:
    """An access key of bob's."""
    made: str = do(world.alice, "CreateAccessKey", UserName="bob")["AccessKey"]["AccessKeyId"]
    return made


def test_it_shows_the_secret_of_a_new_key(world: World) -> None:
    made = do(world.alice, "CreateAccessKey", UserName="bob")["AccessKey"]
    assert set(made) == {"UserName", "AccessKeyId", "Status", "SecretAccessKey", "CreateDate"}
    assert (made["UserName"], made["Status"]) == ("bob", "Active")
    assert (made["AccessKeyId"][:4], len(made["AccessKeyId"])) == ("AKIA", 20)
    assert len(made["SecretAccessKey"].reveal()) == 40


def test_it_keeps_the_secret_sealed_and_out_of_the_event_history(world: World) -> None:
    secret = do(world.alice, "CreateAccessKey", UserName="bob")["AccessKey"]["SecretAccessKey"].reveal()
    row = AccessKey.objects.get()
    assert secret not in row.sealed_secret
    assert key_secrets.secret_of(row).reveal() == secret
    assert secret not in str(Event.objects.get(name="CreateAccessKey").record)


def test_it_does_not_open_a_secret_moved_to_another_key(world: World, key: str) -> None:
    do(world.alice, "CreateAccessKey", UserName="bob")
    first, second = AccessKey.objects.all()
    first.sealed_secret = second.sealed_secret
    with pytest.raises(SealBroken):
        key_secrets.secret_of(first)


def test_it_concerns_the_caller_where_no_name_is_given(world: World) -> None:
    assert do(world.alice, "CreateAccessKey")["AccessKey"]["UserName"] == "alice"


def test_it_gives_root_keys_of_its_own(world: World) -> None:
    made = do(world.root, "CreateAccessKey")["AccessKey"]
    (listed,) = do(world.root, "ListAccessKeys")["AccessKeyMetadata"]
    assert listed["AccessKeyId"] == made["AccessKeyId"]
    assert made["UserName"] == ACCOUNT_ID
    assert AccessKey.objects.get().user is None


@pytest.mark.parametrize("who", ["root", "alice"])
def test_it_refuses_a_third_key(world: World, who: str) -> None:
    caller = getattr(world, who)
    do(caller, "CreateAccessKey")
    do(caller, "CreateAccessKey")
    assert error(caller, "CreateAccessKey") == ("LimitExceeded", "Cannot exceed quota for AccessKeysPerUser: 2")


def test_it_lists_the_keys_of_one_user_without_secrets(world: World, key: str) -> None:
    do(world.alice, "CreateAccessKey")
    (listed,) = do(world.alice, "ListAccessKeys", UserName="bob")["AccessKeyMetadata"]
    assert set(listed) == {"UserName", "AccessKeyId", "Status", "CreateDate"}
    assert listed["AccessKeyId"] == key


def test_it_deactivates_and_activates_a_key(world: World, key: str) -> None:
    for status in ("Inactive", "Active"):
        do(world.alice, "UpdateAccessKey", UserName="bob", AccessKeyId=key, Status=status)
        assert do(world.alice, "ListAccessKeys", UserName="bob")["AccessKeyMetadata"][0]["Status"] == status


def test_it_lets_nobody_set_a_key_to_expired(world: World, key: str) -> None:
    code, _ = error(world.alice, "UpdateAccessKey", UserName="bob", AccessKeyId=key, Status="Expired")
    assert (code, AccessKey.objects.get().active) == ("InvalidInput", True)


def test_it_deletes_a_key(world: World, key: str) -> None:
    do(world.alice, "DeleteAccessKey", UserName="bob", AccessKeyId=key)
    assert not AccessKey.objects.exists()


@pytest.mark.parametrize(("operation", "more"), [("UpdateAccessKey", {"Status": "Inactive"}), ("DeleteAccessKey", {})])
def test_it_misses_a_key_of_somebody_else(world: World, key: str, operation: str, more: dict[str, str]) -> None:
    expected = ("NoSuchEntity", f"The Access Key with id {key} cannot be found.")
    assert error(world.alice, operation, UserName="alice", AccessKeyId=key, **more) == expected
    assert error(world.alice, operation, AccessKeyId=key, **more) == expected
    assert error(world.charlie, operation, AccessKeyId=key, **more) == expected
    assert AccessKey.objects.get().active


def test_it_says_that_a_key_was_never_used(world: World, key: str) -> None:
    answer = do(world.alice, "GetAccessKeyLastUsed", AccessKeyId=key)
    assert answer == {"UserName": "bob", "AccessKeyLastUsed": {"ServiceName": "N/A", "Region": "N/A"}}


def test_it_says_where_a_key_was_last_used(world: World, key: str) -> None:
    AccessKey.objects.update(last_used_at=timezone.now(), last_used_service="iam", last_used_region="us-east-1")
    used = do(world.alice, "GetAccessKeyLastUsed", AccessKeyId=key)["AccessKeyLastUsed"]
    assert (set(used), used["ServiceName"]) == ({"LastUsedDate", "ServiceName", "Region"}, "iam")


def test_it_says_of_roots_key_whose_it_is_not(world: World) -> None:
    made = do(world.root, "CreateAccessKey")["AccessKey"]["AccessKeyId"]
    assert "UserName" not in do(world.alice, "GetAccessKeyLastUsed", AccessKeyId=made)


def test_it_does_not_tell_whether_another_account_has_a_key(world: World, key: str) -> None:
    for unknown in (key, "AKIAIOSFODNN7EXAMPLE"):
        who = f"User: {world.charlie.arn} is not authorized to perform iam:GetAccessKeyLastUsed"
        expected = ("AccessDenied", f"{who} on resource: access key {unknown}")
        assert error(world.charlie, "GetAccessKeyLastUsed", AccessKeyId=unknown) == expected


def test_it_decides_the_last_use_on_the_owner_of_the_key(world: World, key: str) -> None:
    allow(world.bob, "iam:GetAccessKeyLastUsed", resource=world.bob.arn)
    assert do(world.bob, "GetAccessKeyLastUsed", AccessKeyId=key)["UserName"] == "bob"
    alices = do(world.alice, "CreateAccessKey")["AccessKey"]["AccessKeyId"]
    assert error(world.bob, "GetAccessKeyLastUsed", AccessKeyId=alices)[0] == "AccessDenied"


@pytest.mark.django_db(transaction=True)
def test_it_holds_the_quota_of_keys_against_many_threads(world: World) -> None:
    made = together(10, lambda place: do(world.alice, "CreateAccessKey", UserName="bob"))
    assert sum(isinstance(answer, dict) for answer in made) == 2
    assert AccessKey.objects.count() == 2
