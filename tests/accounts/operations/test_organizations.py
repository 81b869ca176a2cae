"""Organizations and central root access: who manages, what is on, what a task as root may do."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.caller import Caller, root_caller, system_caller
from accounts.models import Account, Organization
from iamconsole.operations import door
from iamconsole.operations.errors import ApiError
from identities import temporary
from tests.cast import ACCOUNT_ID, OTHER_ACCOUNT_ID
from tests.identities.steps import do, error
from tests.world import World, make_account

TASK = "arn:aws:iam::aws:policy/root-task/"
MEMBER_ROOT = f"arn:aws:iam::{OTHER_ACCOUNT_ID}:root"
FEATURES = ("RootCredentialsManagement", "RootSessions")


@pytest.fixture
def together(world: World) -> World:
    """alice's account manages, charlie's is a member."""
    call_command("create_organization", ACCOUNT_ID, OTHER_ACCOUNT_ID, stdout=StringIO())
    return world


def assume(caller: Caller, task: str, target: str = OTHER_ACCOUNT_ID, **more: object) -> Any:
    given = {"TargetPrincipal": target, "TaskPolicyArn": {"arn": TASK + task}, **more}
    return door.perform(caller, "sts:AssumeRoot", given)["Credentials"]


def refusal(caller: Caller, task: str, target: str = OTHER_ACCOUNT_ID, **more: object) -> str:
    with pytest.raises(ApiError) as raised:
        assume(caller, task, target, **more)
    return raised.value.code


def session(key: dict[str, Any]) -> Caller:
    said = temporary.read(key["SessionToken"], key["AccessKeyId"])
    assert said is not None
    return said.caller


def test_it_makes_an_organization_once(together: World) -> None:
    made = Organization.objects.get()
    assert (made.management_id, sorted(made.members.values_list("pk", flat=True))) == (
        ACCOUNT_ID,
        [ACCOUNT_ID, OTHER_ACCOUNT_ID],
    )
    for accounts in ((ACCOUNT_ID,), (OTHER_ACCOUNT_ID,), ("999999999999",)):
        with pytest.raises(CommandError):
            call_command("create_organization", *accounts)


def test_it_says_what_it_made(world: World) -> None:
    out = StringIO()
    call_command("create_organization", ACCOUNT_ID, stdout=out)
    said = json.loads(out.getvalue())
    assert said["Accounts"] == [ACCOUNT_ID] and said["OrganizationId"].startswith("o-")


def test_it_leaves_the_making_to_the_installation(world: World) -> None:
    with pytest.raises(ApiError) as raised:
        door.perform(world.alice, "iamconsole:CreateOrganization")
    assert raised.value.code == "AccessDenied"


def test_it_turns_features_on_and_off(together: World) -> None:
    for on in range(2):
        for feature in FEATURES:
            do(together.alice, f"{'Enable' if on == 0 else 'Disable'}Organizations{feature}")
        shown = do(together.alice, "ListOrganizationsFeatures")
        assert shown["EnabledFeatures"] == (sorted(FEATURES) if on == 0 else [])
    assert shown["OrganizationId"] == Organization.objects.get().pk


def test_it_answers_accounts_without_an_organization_as_aws_does(world: World) -> None:
    for name in ("ListOrganizationsFeatures", *(f"EnableOrganizations{each}" for each in FEATURES)):
        assert error(world.alice, name)[0] == "OrganizationNotFoundException"


def test_it_lets_only_the_management_account_decide(together: World) -> None:
    code = "AccountNotManagementOrDelegatedAdministratorException"
    assert error(together.charlie, "ListOrganizationsFeatures")[0] == code
    assert error(together.charlie, "DisableOrganizationsRootSessions")[0] == code
    assert error(together.charlie, "EnableOrganizationsRootSessions")[0] == "CallerIsNotManagementAccountException"


@pytest.fixture
def rooted(together: World) -> World:
    for feature in FEATURES:
        do(together.alice, f"EnableOrganizations{feature}")
    return together


def test_it_audits_and_deletes_roots_keys_in_a_member_account(rooted: World) -> None:
    made = do(root_caller(OTHER_ACCOUNT_ID), "CreateAccessKey")["AccessKey"]["AccessKeyId"]
    auditor = session(assume(rooted.alice, "IAMAuditRootUserCredentials", MEMBER_ROOT))
    assert (auditor.arn, auditor.is_root) == (MEMBER_ROOT, True)
    listed = do(auditor, "ListAccessKeys")["AccessKeyMetadata"]
    assert [each["AccessKeyId"] for each in listed] == [made]
    assert error(auditor, "DeleteAccessKey", AccessKeyId=made)[0] == "AccessDenied"
    remover = session(assume(rooted.alice, "IAMDeleteRootUserCredentials"))
    do(remover, "DeleteAccessKey", AccessKeyId=made)
    assert do(auditor, "ListAccessKeys")["AccessKeyMetadata"] == []
    assert error(remover, "ListUsers")[0] == "AccessDenied"
    assert error(remover, "ListAccessKeys", UserName="charlie")[0] == "AccessDenied"


def test_it_takes_roots_password_away_in_a_member_account(rooted: World) -> None:
    auditor = session(assume(rooted.alice, "IAMAuditRootUserCredentials"))
    assert error(auditor, "GetLoginProfile")[0] == "NoSuchEntity"
    Account.objects.update(root_password="argon2$x")
    assert do(auditor, "GetLoginProfile")["LoginProfile"]["UserName"] == OTHER_ACCOUNT_ID
    remover = session(assume(rooted.alice, "IAMDeleteRootUserCredentials"))
    before = Account.objects.get(pk=OTHER_ACCOUNT_ID).root_credential_version
    do(remover, "DeleteLoginProfile")
    after = Account.objects.get(pk=OTHER_ACCOUNT_ID)
    assert (after.root_password, after.root_credential_version) == ("", before + 1)
    assert error(remover, "DeleteLoginProfile")[0] == "NoSuchEntity"
    # Root by its own right has no login profile in the API.
    assert error(root_caller(ACCOUNT_ID), "DeleteLoginProfile")[0] == "ValidationError"
    assert Account.objects.get(pk=ACCOUNT_ID).root_password


def test_it_says_which_session_policy_refused(rooted: World) -> None:
    auditor = session(assume(rooted.alice, "IAMAuditRootUserCredentials"))
    code, message = error(auditor, "ListUsers")
    assert (code, message.endswith("with an explicit deny in a session policy")) == ("AccessDenied", True)


def test_it_lasts_fifteen_minutes_at_most(rooted: World) -> None:
    caller = session(assume(rooted.alice, "IAMAuditRootUserCredentials"))
    assert caller.session is not None
    assert caller.session.expires_at - caller.session.issued_at == 900
    assert refusal(rooted.alice, "IAMAuditRootUserCredentials", DurationSeconds=901) == "ValidationError"


@pytest.mark.parametrize(
    ("task", "target", "code"),
    [
        ("IAMAuditRootUserCredentials", ACCOUNT_ID, "AccessDenied"),
        ("IAMAuditRootUserCredentials", "999999999999", "AccessDenied"),
        ("IAMAuditRootUserCredentials", "arn:aws:iam::x:root", "ValidationError"),
        ("AdministratorAccess", OTHER_ACCOUNT_ID, "ValidationError"),
    ],
)
def test_it_refuses_other_targets_and_tasks(rooted: World, task: str, target: str, code: str) -> None:
    assert refusal(rooted.alice, task, target) == code


def test_it_refuses_root_members_and_strangers(rooted: World) -> None:
    task = "IAMAuditRootUserCredentials"
    assert refusal(rooted.root, task) == "AccessDenied"
    assert refusal(rooted.charlie, task, ACCOUNT_ID) == "AccessDenied"
    make_account("777788889999", "a third", "root@third.example")
    assert refusal(rooted.alice, task, "777788889999") == "AccessDenied"


@pytest.mark.parametrize(
    ("feature", "task", "other"),
    [
        ("RootCredentialsManagement", "IAMAuditRootUserCredentials", "SQSUnlockQueuePolicy"),
        ("RootSessions", "S3UnlockBucketPolicy", "IAMDeleteRootUserCredentials"),
    ],
)
def test_it_needs_the_feature_of_the_task(together: World, feature: str, task: str, other: str) -> None:
    assert refusal(together.alice, task) == "AccessDenied"
    do(together.alice, f"EnableOrganizations{feature}")
    assume(together.alice, task)
    assert refusal(together.alice, other) == "AccessDenied"


def report(world: World, path: str, **sort: object) -> dict[str, Any]:
    made = do(world.alice, "GenerateOrganizationsAccessReport", EntityPath=path)
    return do(world.alice, "GetOrganizationsAccessReport", JobId=made["JobId"], **sort)


def test_it_reports_what_members_last_used(together: World) -> None:
    do(together.charlie, "ListUsers")
    organization = Organization.objects.get()
    base = f"{organization.pk}/{organization.root_id}"
    found = report(together, base, SortKey="LAST_AUTHENTICATED_TIME_DESCENDING", MaxItems=1)
    (iam,) = found["AccessDetails"]
    assert (iam["ServiceNamespace"], iam["EntityPath"]) == ("iam", f"{base}/{OTHER_ACCOUNT_ID}")
    assert (iam["TotalAuthenticatedEntities"], found["IsTruncated"]) == (1, True)
    assert found["NumberOfServicesAccessible"] - found["NumberOfServicesNotAccessed"] == 1
    assert abs((iam["LastAuthenticatedTime"] - timezone.now()).total_seconds()) < 60
    assert report(together, f"{base}/{ACCOUNT_ID}")["NumberOfServicesNotAccessed"] < found["NumberOfServicesAccessible"]


def test_it_reports_on_paths_of_the_organization_alone(together: World) -> None:
    organization = Organization.objects.get()
    for path in ("o-aaaaaaaaaa/r-aaaa", f"{organization.pk}/{organization.root_id}/999999999999"):
        assert error(together.alice, "GenerateOrganizationsAccessReport", EntityPath=path)[0] == "ValidationError"
    given = {"EntityPath": f"{organization.pk}/{organization.root_id}", "OrganizationsPolicyId": "p-12345678"}
    assert error(together.alice, "GenerateOrganizationsAccessReport", **given)[0] == "NoSuchEntity"


def test_it_keeps_the_two_kinds_of_reports_apart(together: World) -> None:
    organization = Organization.objects.get()
    path = f"{organization.pk}/{organization.root_id}"
    job = do(together.alice, "GenerateOrganizationsAccessReport", EntityPath=path)["JobId"]
    assert error(together.alice, "GetServiceLastAccessedDetails", JobId=job)[0] == "NoSuchEntity"
    other = do(together.alice, "GenerateServiceLastAccessedDetails", Arn=together.alice.arn)["JobId"]
    assert error(together.alice, "GetOrganizationsAccessReport", JobId=other)[0] == "NoSuchEntity"
    assert error(together.alice, "GetOrganizationsAccessReport", JobId="x" * 36)[0] == "NoSuchEntity"


def test_it_goes_with_its_management_account(together: World) -> None:
    door.perform(system_caller(ACCOUNT_ID), "iamconsole:ResetAccount")
    assert Organization.objects.exists()
    Account.objects.filter(pk=OTHER_ACCOUNT_ID).delete()
    assert Organization.objects.get().members.count() == 1
