"""Making accounts, and taking them back to how they were made."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.caller import root_caller, system_caller, user_caller
from accounts.models import Account
from iamconsole.events.models import Event
from iamconsole.operations.door import perform
from iamconsole.operations.errors import ApiError
from iamconsole.operations.secrets import Secret
from identities.key_secrets import secret_of
from identities.models import AccessKey, Group, MfaDevice, Role, SigningCertificate, User
from identities.passwords import verify
from policies.models import Attachment, Boundary, InlinePolicy, Policy, PolicyVersion
from tests.identities import papers
from tests.policies.operations.doing import AWS_READ_ONLY, do, document, make, make_policy
from tests.world import World

NEW = "777788889999"
WANTED = {"AccountName": "New lab", "Email": "Root@new.example"}


def create(**more: object) -> dict[str, Any]:
    return perform(system_caller(NEW), "iamconsole:CreateAccount", {**WANTED, **more})


def reset() -> None:
    perform(system_caller(NEW), "iamconsole:ResetAccount")


def refusal(account_id: str, **more: object) -> tuple[str, str]:
    with pytest.raises(ApiError) as error:
        perform(system_caller(account_id), "iamconsole:CreateAccount", {**WANTED, **more})
    return error.value.code, error.value.message


def admin() -> User:
    found = User.objects.of(NEW).get(name="admin")
    assert isinstance(found, User)
    return found


def test_it_makes_an_account_with_a_root_user(world: World) -> None:
    password = Secret("Correct-horse-9")
    made = create(AccountAlias="new-lab", RootPassword=password)
    account = Account.objects.get(pk=NEW)
    assert made == {
        "Account": {"Id": NEW, "Name": "New lab", "Email": "Root@new.example", "Arn": f"arn:aws:iam::{NEW}:root"}
    }
    assert (account.alias, account.root_email) == ("new-lab", "Root@new.example")
    assert verify(password, account.root_password)
    assert do(root_caller(NEW), "ListUsers")["Users"] == []


def test_it_makes_an_administrator_with_a_key(world: World) -> None:
    key = create(AdminKey=True)["AccessKey"]
    row = AccessKey.objects.of(NEW).get(pk=key["AccessKeyId"])
    assert row.user == admin()
    assert secret_of(row).reveal() == key["SecretAccessKey"].reveal()
    caller = user_caller(NEW, admin().pk, admin().arn, "admin")
    assert do(caller, "ListAccessKeys", UserName="admin")["AccessKeyMetadata"]


def test_it_makes_a_key_of_root(world: World) -> None:
    key = create(RootKey=True)["AccessKey"]
    assert AccessKey.objects.of(NEW).get(pk=key["AccessKeyId"]).user is None


def test_it_keeps_secrets_out_of_the_event(world: World) -> None:
    key = create(RootPassword=Secret("Correct-horse-9"), AdminKey=True)["AccessKey"]
    record = str(Event.objects.get(account_id=NEW, name="CreateAccount").record)
    assert key["AccessKeyId"] in record
    assert key["SecretAccessKey"].reveal() not in record
    assert "Correct-horse-9" not in record


def test_it_refuses_an_account_id_that_is_taken(world: World) -> None:
    taken = world.alice.account_id
    assert refusal(taken) == ("EntityAlreadyExists", f"There is an account {taken} already.")


def test_it_refuses_an_email_that_is_taken_in_whatever_case(world: World) -> None:
    assert refusal(NEW, Email="ROOT@alice.example") == (
        "EntityAlreadyExists",
        "The e-mail address ROOT@alice.example is another account's root user already.",
    )


@pytest.mark.parametrize(
    ("more", "text"),
    [
        ({"Email": "nobody"}, "nobody is not an e-mail address."),
        ({"AccountName": " "}, "The account name must have 1 to 50 characters."),
        ({"AccountName": "x" * 51}, "The account name must have 1 to 50 characters."),
        ({"AccountAlias": "123412341234"}, "The account alias must not be a 12 digit number."),
    ],
)
def test_it_refuses_what_is_wrong_in_words(world: World, more: dict[str, str], text: str) -> None:
    assert refusal(NEW, **more) == ("ValidationError", text)
    assert not Account.objects.filter(pk=NEW).exists()


def test_it_refuses_an_alias_of_another_shape(world: World) -> None:
    code, text = refusal(NEW, AccountAlias="Not OK")
    assert (code, text.startswith("The account alias must have 3 to 63")) == ("ValidationError", True)


@pytest.mark.parametrize("verb", ["CreateAccount", "ResetAccount"])
def test_it_is_for_the_installation_only(world: World, verb: str) -> None:
    for caller in (world.root, world.alice):
        with pytest.raises(ApiError) as error:
            perform(caller, f"iamconsole:{verb}", WANTED if verb == "CreateAccount" else {})
        assert error.value.code == "AccessDenied"
    assert User.objects.of(world.alice.account_id).count() == 2


def filled() -> None:
    """A new account in which people have been at work."""
    create(AdminKey=True, AccountAlias="new-lab", RootPassword=Secret("Correct-horse-9"))
    root = root_caller(NEW)
    policy = make_policy(root)
    for kind in ("User", "Group", "Role"):
        who = make(root, kind)
        do(root, f"Attach{kind}Policy", **who, PolicyArn=policy)
        do(root, f"Put{kind}Policy", **who, PolicyName="Own", PolicyDocument=document())
    do(root, "PutUserPermissionsBoundary", UserName="dana", PermissionsBoundary=policy)
    do(root, "AddUserToGroup", GroupName="dana", UserName="admin")
    do(root, "CreateVirtualMFADevice", VirtualMFADeviceName="phone")
    do(root, "CreateAccountAlias", AccountAlias="renamed-lab")


def test_it_deletes_what_came_later(world: World) -> None:
    filled()
    reset()
    gone = (Group, Role, Policy, PolicyVersion, InlinePolicy, Boundary, MfaDevice)
    assert {model.__name__: model.objects.of(NEW).count() for model in gone} == dict.fromkeys(
        (model.__name__ for model in gone), 0
    )
    assert list(User.objects.of(NEW)) == [admin()]
    assert [event.name for event in Event.objects.filter(account_id=NEW).order_by("pk")] == [
        "CreateAccount",
        "ResetAccount",
    ]


def test_it_keeps_root_and_the_first_key(world: World) -> None:
    filled()
    root_key = do(root_caller(NEW), "CreateAccessKey")["AccessKey"]["AccessKeyId"]
    do(root_caller(NEW), "UploadSigningCertificate", CertificateBody=papers.certificate())
    do(root_caller(NEW), "UploadSigningCertificate", CertificateBody=papers.certificate("b"), UserName="admin")
    first = AccessKey.objects.of(NEW).get(user=admin())
    later = do(root_caller(NEW), "CreateAccessKey", UserName="admin")["AccessKey"]["AccessKeyId"]
    before = Account.objects.get(pk=NEW)
    reset()
    after = Account.objects.get(pk=NEW)
    keys = set(AccessKey.objects.of(NEW).values_list("pk", flat=True))
    assert keys == {root_key, first.pk}
    assert SigningCertificate.objects.of(NEW).get().user is None
    assert later not in keys
    assert (after.root_password, after.name, after.created_at) == (before.root_password, before.name, before.created_at)


def test_it_gives_the_administrator_back_as_it_was(world: World) -> None:
    filled()
    root = root_caller(NEW)
    do(root, "AttachUserPolicy", UserName="admin", PolicyArn=AWS_READ_ONLY)
    do(root, "TagUser", UserName="admin", Tags=[{"Key": "team", "Value": "blue"}])
    do(root, "CreateLoginProfile", UserName="admin", Password="Correct-horse-9")
    do(
        root,
        "UpdateAccessKey",
        UserName="admin",
        Status="Inactive",
        AccessKeyId=AccessKey.objects.of(NEW).get(user=admin()).pk,
    )
    do(root, "UpdateUser", UserName="admin", NewUserName="boss", NewPath="/team/")
    sessions = User.objects.of(NEW).get(name="boss").credential_version
    reset()
    found = admin()
    assert (found.path, found.tags, hasattr(found, "login_profile")) == ("/", [], False)
    assert found.credential_version > sessions
    assert AccessKey.objects.of(NEW).get(user=found).active
    assert [each.policy_arn for each in Attachment.objects.of(NEW)] == ["arn:aws:iam::aws:policy/AdministratorAccess"]


def test_it_gives_the_alias_back_that_the_account_was_made_with(world: World) -> None:
    filled()
    reset()
    assert Account.objects.get(pk=NEW).alias == "new-lab"


def test_it_gives_no_alias_back_that_another_account_has_by_now(world: World) -> None:
    filled()
    do(world.alice, "CreateAccountAlias", AccountAlias="new-lab")
    reset()
    assert Account.objects.get(pk=NEW).alias is None


def test_it_drops_an_alias_that_came_later(world: World) -> None:
    create()
    do(root_caller(NEW), "CreateAccountAlias", AccountAlias="renamed-lab")
    reset()
    assert Account.objects.get(pk=NEW).alias is None


def test_it_leaves_other_accounts_alone(world: World) -> None:
    make_policy(world.alice)
    filled()
    users, events = User.objects.of(world.alice.account_id).count(), Event.objects.exclude(account_id=NEW).count()
    reset()
    assert User.objects.of(world.alice.account_id).count() == users
    assert Policy.objects.of(world.alice.account_id).exists()
    assert Event.objects.exclude(account_id=NEW).count() == events


def test_it_resets_again_and_again(world: World) -> None:
    filled()
    for _ in range(3):
        reset()
    assert admin().pk == User.objects.of(NEW).get().pk
