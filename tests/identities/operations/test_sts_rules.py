"""STS by AWS's documentation: what goes on through chaining, what a token has room for, who may call what.

Source: STS API reference; IAM user guide, id_session-tags, id_credentials_temp_control-access_monitor.
"""

from __future__ import annotations

import json
import random
import string
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from accounts.caller import Caller
from iamconsole.operations.door import perform
from iamconsole.operations.errors import ApiError
from identities import temporary
from tests.cast import ACCOUNT_ID, ALICE_ARN, OTHER_ACCOUNT_ID
from tests.identities.steps import codes, enable
from tests.world import World, allow

pytestmark = pytest.mark.django_db
EVERYTHING = json.dumps({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})
ROLE = "arn:aws:iam::{}:role/{}"
SETS_SOURCE = ("sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession")


def make_role(world: World, name: str, trusts: str, *actions: str) -> str:
    """A role that may do everything, and which a principal may assume by these actions."""
    statement = {"Effect": "Allow", "Principal": {"AWS": trusts}, "Action": list(actions or SETS_SOURCE)}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    perform(world.alice, "iam:CreateRole", {"RoleName": name, "AssumeRolePolicyDocument": trust})
    given = {"RoleName": name, "PolicyName": "all", "PolicyDocument": EVERYTHING}
    perform(world.alice, "iam:PutRolePolicy", given)
    return ROLE.format(ACCOUNT_ID, name)


def ask(caller: Caller, verb: str, **given: object) -> dict[str, Any]:
    return dict(perform(caller, f"sts:{verb}", given))


def bearer(result: Mapping[str, Any]) -> Caller:
    """Whoever uses the credentials of an answer."""
    credentials = result["Credentials"]
    said = temporary.read(credentials["SessionToken"], credentials["AccessKeyId"])
    assert said is not None
    return said.caller


def assume(caller: Caller, role: str, **given: object) -> Caller:
    return bearer(ask(caller, "AssumeRole", RoleArn=role, RoleSessionName="work", **given))


def refused(caller: Caller, verb: str, **given: object) -> tuple[str, str]:
    with pytest.raises(ApiError) as caught:
        ask(caller, verb, **given)
    return caught.value.code, caught.value.message


def tags(**given: str) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in given.items()]


def noise(length: int) -> str:
    return "".join(random.Random(length).choices(string.ascii_letters + string.digits, k=length))


def test_it_hands_a_source_identity_on(world: World) -> None:
    first = make_role(world, "first", ALICE_ARN)
    second = make_role(world, "second", first)
    session = assume(assume(world.alice, first, SourceIdentity="alice"), second)
    assert session.session is not None and session.session.source_identity == "alice"


def test_it_changes_no_source_identity(world: World) -> None:
    first = make_role(world, "first", ALICE_ARN)
    second = make_role(world, "second", first)
    session = assume(world.alice, first, SourceIdentity="alice")
    given = {"RoleArn": second, "RoleSessionName": "work"}
    assert refused(session, "AssumeRole", **given, SourceIdentity="bob")[0] == "AccessDenied"
    ask(session, "AssumeRole", **given, SourceIdentity="alice")


def test_it_asks_for_the_permission_again_when_a_source_identity_goes_on(world: World) -> None:
    first = make_role(world, "first", ALICE_ARN)
    second = make_role(world, "second", first, "sts:AssumeRole")
    assume(assume(world.alice, first), second)
    session = assume(world.alice, first, SourceIdentity="alice")
    code, message = refused(session, "AssumeRole", RoleArn=second, RoleSessionName="work")
    assert code == "AccessDenied" and "sts:SetSourceIdentity" in message


def test_it_knows_transitive_tags_in_any_spelling(world: World) -> None:
    first = make_role(world, "first", ALICE_ARN)
    second = make_role(world, "second", first)
    session = assume(world.alice, first, Tags=tags(Team="blue", Size="l"), TransitiveTagKeys=["team"])
    chained = assume(session, second, Tags=tags(Size="m"))
    assert chained.session is not None
    assert dict(chained.session.tags) == {"Team": "blue", "Size": "m"}
    assert chained.session.transitive == ("Team",)
    given = {"RoleArn": second, "RoleSessionName": "work", "Tags": tags(TEAM="red")}
    assert refused(session, "AssumeRole", **given)[0] == "InvalidParameterValue"


def test_it_keeps_awss_prefix_from_session_tags(world: World) -> None:
    role = make_role(world, "first", ALICE_ARN)
    given = {"RoleArn": role, "RoleSessionName": "work", "Tags": [{"Key": "AWS:x", "Value": "1"}]}
    assert refused(world.alice, "AssumeRole", **given)[0] == "InvalidParameterValue"


def test_it_takes_fifty_session_tags(world: World) -> None:
    role = make_role(world, "first", ALICE_ARN)
    fifty = [{"Key": f"key{number}", "Value": "v"} for number in range(50)]
    assert 0 < ask(world.alice, "AssumeRole", RoleArn=role, RoleSessionName="work", Tags=fifty)["PackedPolicySize"] < 50
    given = {"RoleArn": role, "RoleSessionName": "work", "Tags": [*fifty, *tags(more="v")]}
    assert refused(world.alice, "AssumeRole", **given)[0] == "ValidationError"


def test_it_says_by_how_much_tags_exceed_the_room(world: World) -> None:
    role = make_role(world, "first", ALICE_ARN)
    large = [{"Key": f"key{number}", "Value": noise(240 + number)} for number in range(14)]
    given = {"RoleArn": role, "RoleSessionName": "work", "Tags": large}
    code, message = refused(world.alice, "AssumeRole", **given)
    assert code == "PackedPolicyTooLarge"
    assert message.startswith("Packed size of session tags consumes 1") and message.endswith("% of allotted space.")


def arns(count: int, length: int = 60) -> list[dict[str, str]]:
    return [{"arn": f"arn:aws:iam::{ACCOUNT_ID}:policy/{noise(length)}{number:02}"} for number in range(count)]


@pytest.mark.parametrize("verb", ["AssumeRole", "GetFederationToken"])
def test_it_takes_ten_managed_session_policies_and_2048_characters(world: World, verb: str) -> None:
    role = make_role(world, "first", ALICE_ARN)
    given = {"Name": "guest"} if verb == "GetFederationToken" else {"RoleArn": role, "RoleSessionName": "work"}
    assert ask(world.alice, verb, **given, PolicyArns=arns(10))["PackedPolicySize"] > 0
    assert refused(world.alice, verb, **given, PolicyArns=arns(11))[0] == "ValidationError"
    long = json.dumps({**json.loads(EVERYTHING), "Id": noise(1500)})
    ask(world.alice, verb, **given, Policy=long)
    assert refused(world.alice, verb, **given, Policy=long, PolicyArns=arns(10))[0] == "PackedPolicyTooLarge"
    assert refused(world.alice, verb, **given, PolicyArns=[{}])[0] == "ValidationError"


def test_it_never_makes_a_token_that_no_header_can_carry(world: World) -> None:
    """Web servers take about 8,000 characters."""
    session = assume(world.alice, make_role(world, "first", ALICE_ARN), Tags=tags(a=noise(256), b=noise(255)))
    longest, codes = 0, set()
    for number in range(4):
        policy = json.dumps({**json.loads(EVERYTHING), "Id": noise(900 + number)})
        try:
            result = ask(session, "GetScopedCredentials", Policy=policy)
        except ApiError as error:
            codes.add(error.code)
            break
        session, longest = bearer(result), len(result["Credentials"]["SessionToken"])
    assert codes == {"PackedPolicyTooLarge"}
    assert 3_000 < longest < 6_000


def test_it_asks_for_a_permission_to_tag_a_federated_user(world: World) -> None:
    allow(world.bob, "sts:GetFederationToken")
    ask(world.bob, "GetFederationToken", Name="guest")
    code, message = refused(world.bob, "GetFederationToken", Name="guest", Tags=tags(team="blue"))
    assert code == "AccessDenied" and "sts:TagSession" in message


def test_it_gives_a_federated_user_the_tags_of_the_user_and_those_passed(world: World) -> None:
    perform(world.alice, "iam:TagUser", {"UserName": "alice", "Tags": tags(team="red", floor="2")})
    for key, value, allowed in (("team", "blue", True), ("floor", "2", True), ("team", "red", False)):
        condition = {"StringEquals": {f"aws:PrincipalTag/{key}": value}}
        statement = {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition}
        policy = json.dumps({"Version": "2012-10-17", "Statement": statement})
        made = ask(world.alice, "GetFederationToken", Name="guest", Policy=policy, Tags=tags(team="blue"))
        if allowed:
            ask(bearer(made), "GetScopedCredentials", DurationSeconds=900)
        else:
            assert refused(bearer(made), "GetScopedCredentials", DurationSeconds=900)[0] == "AccessDenied"


def test_it_says_nothing_of_packed_sizes_where_nothing_was_packed(world: World) -> None:
    role = make_role(world, "first", ALICE_ARN)
    assert "PackedPolicySize" not in ask(world.alice, "AssumeRole", RoleArn=role, RoleSessionName="work")
    assert ask(world.alice, "GetFederationToken", Name="guest")["PackedPolicySize"] == 0


def test_it_knows_the_account_of_every_key(world: World) -> None:
    long_term: Any = perform(world.charlie, "iam:CreateAccessKey", {"UserName": "charlie"})["AccessKey"]
    temporary_one = ask(world.charlie, "GetSessionToken")["Credentials"]
    for key_id in (long_term["AccessKeyId"], temporary_one["AccessKeyId"]):
        assert ask(world.alice, "GetAccessKeyInfo", AccessKeyId=key_id) == {"Account": OTHER_ACCOUNT_ID}
        assert refused(world.bob, "GetAccessKeyInfo", AccessKeyId=key_id)[0] == "AccessDenied"


@pytest.mark.parametrize("key_id", ["ASIA" + "A" * 16, "ASIA" + "7" * 16, "AKIA" + "B" * 16, "ASIA" + "0" * 16])
def test_it_knows_no_key_that_was_never_made(world: World, key_id: str) -> None:
    assert refused(world.alice, "GetAccessKeyInfo", AccessKeyId=key_id)[0] == "ValidationError"


@pytest.mark.parametrize("account_id", ["000000000000", ACCOUNT_ID, "999999999999"])
def test_it_writes_the_account_into_ids_of_temporary_keys(account_id: str) -> None:
    made = {temporary.new_key_id(account_id) for _ in range(200)}
    assert len(made) == 200
    assert {temporary.account_of(key_id) for key_id in made} == {account_id}
    assert {len(key_id) for key_id in made} == {20}


def test_it_lets_no_policy_forbid_asking_who_one_is_or_passing_mfa(world: World) -> None:
    allow(world.bob, "sts:*", effect="Deny")
    assert ask(world.bob, "GetCallerIdentity")["Arn"] == world.bob.arn
    session = bearer(ask(world.bob, "GetSessionToken"))
    assert ask(session, "GetCallerIdentity")["Arn"] == world.bob.arn


def test_it_counts_mfa_when_a_role_is_assumed_and_not_afterwards(world: World) -> None:
    serial, seed = enable(world.alice, "alice")
    role = make_role(world, "first", ALICE_ARN)
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=5)):
        code = codes(seed)["AuthenticationCode2"]
        assert assume(world.alice, role, SerialNumber=serial, TokenCode=code).mfa is False


def seconds(caller: Caller) -> float:
    assert caller.session is not None
    return caller.session.expires_at - caller.session.issued_at


def test_it_lets_sessions_last_as_long_as_the_documentation_says(world: World) -> None:
    for verb, given in (("GetSessionToken", {}), ("GetFederationToken", {"Name": "guest"})):
        assert seconds(bearer(ask(world.alice, verb, **given))) == 43_200
        assert seconds(bearer(ask(world.alice, verb, **given, DurationSeconds=129_600))) == 129_600
        assert seconds(bearer(ask(world.root, verb, **given))) == 3_600
        assert seconds(bearer(ask(world.root, verb, **given, DurationSeconds=900))) == 900
        assert seconds(bearer(ask(world.root, verb, **given, DurationSeconds=129_600))) == 3_600
        for wrong in (899, 129_601):
            assert refused(world.alice, verb, **given, DurationSeconds=wrong)[0] == "ValidationError"
    role = make_role(world, "first", ALICE_ARN)
    assert seconds(assume(world.alice, role)) == 3_600
    for wrong in (899, 3_601, 43_201):
        asked: dict[str, object] = {"RoleArn": role, "RoleSessionName": "work", "DurationSeconds": wrong}
        assert refused(world.alice, "AssumeRole", **asked)[0] == "ValidationError"


def test_it_lets_a_session_of_a_user_get_a_token_about_itself(world: World) -> None:
    perform(world.alice, "iam:EnableOutboundWebIdentityFederation", {})
    session = bearer(ask(world.alice, "GetSessionToken"))
    ask(session, "GetWebIdentityToken", Audience=["https://api.example.org"], SigningAlgorithm="ES384")
    for verb, given in (("GetFederationToken", {"Name": "guest"}), ("GetAccessKeyInfo", {"AccessKeyId": "A" * 20})):
        assert refused(session, verb, **given)[0] == "AccessDenied"


def test_it_revokes_sessions_by_the_time_they_were_issued(world: World) -> None:
    session = assume(world.alice, make_role(world, "first", ALICE_ARN))
    ask(session, "GetAccessKeyInfo", AccessKeyId=ask(world.alice, "GetSessionToken")["Credentials"]["AccessKeyId"])
    assert session.session is not None
    later = temporary.moment(session.session.issued_at + 1).strftime("%Y-%m-%dT%H:%M:%SZ")
    condition = {"DateLessThan": {"aws:TokenIssueTime": later}}
    statement = {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": condition}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    given = {"RoleName": "first", "PolicyName": "AWSRevokeOlderSessions", "PolicyDocument": document}
    perform(world.alice, "iam:PutRolePolicy", given)
    code, message = refused(session, "GetAccessKeyInfo", AccessKeyId="A" * 20)
    assert code == "AccessDenied" and "explicit deny in an identity-based policy" in message
    fresh = replace(session, session=replace(session.session, issued_at=session.session.issued_at + 1))
    assert refused(fresh, "GetAccessKeyInfo", AccessKeyId="A" * 20)[0] == "ValidationError"
