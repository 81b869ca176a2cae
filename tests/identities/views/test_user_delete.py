"""Deleting users takes everything of theirs along, call by call, and nothing when they cannot go."""

from __future__ import annotations

from django.test import Client

from iamconsole.events.models import Event
from iamconsole.operations.door import perform
from iamconsole.operations.secrets import Secret
from identities.models import MfaDevice, User
from tests.history import unguarded
from tests.identities import papers
from tests.identities.passkey_steps import give_passkey
from tests.identities.steps import PASSWORD, codes, do, enable
from tests.world import World, allow

POLICY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
DOCUMENT = '{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}]}'
CALLS = [
    "DeleteLoginProfile",
    "DeleteAccessKey",
    "DeactivateMFADevice",
    "DeleteVirtualMFADevice",
    "DeleteSigningCertificate",
    "DeleteSSHPublicKey",
    "DeleteServiceSpecificCredential",
    "RemoveUserFromGroup",
    "DetachUserPolicy",
    "DeleteUserPolicy",
    "DeleteUserPermissionsBoundary",
    "DeleteUser",
]


def burden(world: World) -> None:
    """Everything a user can have."""
    do(world.system, "CreateLoginProfile", UserName="bob", Password=PASSWORD)
    do(world.system, "CreateAccessKey", UserName="bob")
    enable(world.system, "bob")
    papers.give_all(world.system, "bob")
    do(world.system, "CreateGroup", GroupName="readers")
    do(world.system, "AddUserToGroup", GroupName="readers", UserName="bob")
    do(world.system, "AttachUserPolicy", UserName="bob", PolicyArn=POLICY)
    do(world.system, "PutUserPolicy", UserName="bob", PolicyName="mine", PolicyDocument=DOCUMENT)
    do(world.system, "PutUserPermissionsBoundary", UserName="bob", PermissionsBoundary=POLICY)


def written() -> list[str]:
    return list(Event.objects.filter(read_only=False).order_by("pk").values_list("name", flat=True))


def test_it_makes_one_call_for_everything(alice: Client, world: World) -> None:
    burden(world)
    unguarded().delete()
    response = alice.post("/iam/users/bob/delete/", {"confirm": "bob"}, follow=True)
    assert response.redirect_chain == [("/iam/users/", 303)]
    assert "User bob deleted." in response.content.decode()
    assert not User.objects.filter(name="bob").exists()
    assert written() == CALLS


def test_it_takes_passkeys_and_tokens_off_without_deleting_what_is_no_virtual_device(
    alice: Client, world: World
) -> None:
    seed = Secret("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
    perform(world.system, "iamconsole:RegisterMFAToken", {"SerialNumber": "GAHT12345678", "Seed": seed})
    do(world.system, "EnableMFADevice", UserName="bob", SerialNumber="GAHT12345678", **codes(seed))
    give_passkey(world.system, "bob")
    unguarded().delete()
    alice.post("/iam/users/bob/delete/", {"confirm": "bob"})
    assert written() == ["DeactivateMFADevice", "DeactivateMFADevice", "DeleteUser"]
    assert MfaDevice.objects.get().serial == "GAHT12345678"


def test_a_user_with_nothing_goes_with_one_call(alice: Client, world: World) -> None:
    unguarded().delete()
    alice.post("/iam/users/bob/delete/", {"confirm": "bob"})
    assert written() == ["DeleteUser"]


def test_it_wants_the_name_typed(alice: Client, world: World) -> None:
    for word in ("", "Bob", "alice"):
        assert alice.post("/iam/users/bob/delete/", {"confirm": word}).status_code == 422
    assert User.objects.filter(name="bob").exists()


def test_the_dialog_warns_of_active_keys(alice: Client, world: World) -> None:
    assert "active access keys" not in alice.get("/iam/users/bob/delete/").content.decode()
    do(world.system, "CreateAccessKey", UserName="bob")
    assert "active access keys" in alice.get("/iam/users/bob/delete/").content.decode()


def test_it_deletes_several(alice: Client, world: World) -> None:
    do(world.system, "CreateUser", UserName="dana")
    dialog = alice.get("/iam/delete-users/?selected=bob&name=dana")
    assert "Delete 2 users?" in dialog.content.decode() and "dana" in dialog.content.decode()
    assert alice.post("/iam/delete-users/", {"selected": ["bob", "dana"], "confirm": "bob"}).status_code == 422
    response = alice.post("/iam/delete-users/", {"selected": ["bob", "dana"], "confirm": "2 users"}, follow=True)
    assert "2 users deleted." in response.content.decode()
    assert list(User.objects.filter(account_id="111122223333").values_list("name", flat=True)) == ["alice"]


def test_without_a_selection_it_goes_back(alice: Client, world: World) -> None:
    assert "Select the users" in alice.get("/iam/delete-users/", follow=True).content.decode()


def test_who_may_not_delete_the_user_takes_nothing_away(bob: Client, world: World) -> None:
    do(world.system, "CreateUser", UserName="dana")
    do(world.system, "CreateAccessKey", UserName="dana")
    allow(world.bob, "iam:Get*", "iam:List*", "iam:DeleteAccessKey")
    response = bob.post("/iam/users/dana/delete/", {"confirm": "dana"})
    assert response.status_code == 422 and "<code>iam:DeleteUser</code>" in response.content.decode()
    assert len(do(world.system, "ListAccessKeys", UserName="dana")["AccessKeyMetadata"]) == 1


def test_it_tells_what_went_before_an_error(bob: Client, world: World) -> None:
    do(world.system, "CreateUser", UserName="dana")
    do(world.system, "CreateAccessKey", UserName="dana")
    do(world.system, "AttachUserPolicy", UserName="dana", PolicyArn=POLICY)
    allow(world.bob, "iam:Get*", "iam:List*", "iam:DeleteAccessKey", "iam:DeleteUser")
    response = bob.post("/iam/users/dana/delete/", {"confirm": "dana"})
    text = response.content.decode()
    assert response.status_code == 422 and "<code>iam:DetachUserPolicy</code>" in text
    assert "Gone from user dana before the error: access key" in text


def test_htmx_gets_the_dialog_alone(alice: Client, world: World) -> None:
    text = alice.get("/iam/users/bob/delete/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in text and "Delete bob?" in text


def test_users_of_another_account_stay(alice: Client, world: World) -> None:
    response = alice.post("/iam/delete-users/", {"selected": "charlie", "confirm": "charlie"})
    assert response.status_code == 422 and "cannot be found" in response.content.decode()
    assert User.objects.filter(name="charlie").exists()
