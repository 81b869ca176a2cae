"""The simulator's page: every question and answer has an address; no more is shown than the caller may know."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest
from django.test import Client

from iamconsole.operations import door
from policies.questions import MOST_ROWS
from tests.cast import ALICE_ARN, BOB_ARN, CHARLIE_ARN
from tests.world import World, allow

PAGE = "/iam/policy-simulator/"
REPORTS = "arn:aws:s3:::reports/q1.csv"


def url(**asked: object) -> str:
    return f"{PAGE}?{urlencode({'principal': BOB_ARN, 'run': '1', **asked}, doseq=True)}"


def answers(client: Client, **asked: object) -> list[tuple[str, str, str]]:
    rows = client.get(url(**asked)).context["outcome"].table.rows
    return [(row.action, row.resource, row.text) for row in rows]


def put(world: World, statement: object) -> None:
    document = json.dumps({"Version": "2012-10-17", "Statement": statement}, indent=2)
    given = {"UserName": "bob", "PolicyName": "own", "PolicyDocument": document}
    door.perform(world.system, "iam:PutUserPolicy", given)


def test_it_begins_with_an_empty_question(alice: Client) -> None:
    text = alice.get(PAGE).content.decode()
    assert "Not run yet" in text
    assert f'value="{BOB_ARN}"' in text


def test_it_answers_every_action_on_every_resource(alice: Client, world: World) -> None:
    allow(world.bob, "s3:GetObject", resource="arn:aws:s3:::reports/*")
    asked = {"action": ["s3:getobject", "iam:ListUsers"], "resource": [REPORTS, "arn:aws:s3:::other/x"]}
    assert answers(alice, **asked) == [
        ("s3:GetObject", REPORTS, "Allowed"),
        ("s3:GetObject", "arn:aws:s3:::other/x", "Denied (implicit)"),
        ("iam:ListUsers", "*", "Denied (implicit)"),
    ]


def test_it_shows_the_deciding_statement_marked_in_its_document(alice: Client, world: World) -> None:
    allowing = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    put(world, [allowing, {"Sid": "NotReports", "Effect": "Deny", "Action": "s3:GetObject", "Resource": "*"}])
    page = alice.get(url(action="s3:GetObject", why="1"))
    why = page.context["outcome"].why
    assert why.found.outcome == "ExplicitlyDenied"
    assert [each.lines for each in why.shown] == [(9, 14)]
    text = page.content.decode()
    assert "s3:GetObject — why was this denied?" in text
    assert "1. Explicit deny — NotReports matched" in text
    assert "is-marked" in text


def test_it_says_what_an_implicit_deny_lacked(alice: Client, world: World) -> None:
    put(
        world,
        [
            {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::other/*"},
            {
                "Effect": "Allow",
                "Action": "s3:Get*",
                "Resource": "*",
                "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
            },
        ],
    )
    text = alice.get(url(action="s3:GetObject", resource=REPORTS, why="1")).content.decode()
    assert f"Resource needs arn:aws:s3:::other/*; the request has {REPORTS}" in text
    assert "Condition Bool aws:MultiFactorAuthPresent needs true; the request has false" in text


def test_it_takes_other_context_values(alice: Client, world: World) -> None:
    condition = {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}, "StringEquals": {"s3:prefix": "a"}}
    put(world, {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*", "Condition": condition})
    page = alice.get(url(action="s3:ListBucket"))
    assert page.context["outcome"].missing == ["s3:prefix"]
    given = ["aws:SourceIp=203.0.113.9", "s3:prefix=a"]
    assert answers(alice, action="s3:ListBucket", context=given) == [("s3:ListBucket", "*", "Allowed")]


def test_it_turns_the_form_into_an_address_to_share(alice: Client) -> None:
    form = {
        "action": ["s3:GetObject", "s3:GetObject"],
        "resource": "a:b\r\n*",
        "key": ["k:a", "k:b", ""],
        "value": ["1", "", "x"],
    }
    response = alice.get(url(**form))
    assert response.status_code == 302
    wanted = {"principal": BOB_ARN, "action": "s3:GetObject", "resource": ["a:b", "*"], "context": "k:a=1", "run": "1"}
    assert response["Location"] == f"{PAGE}?{urlencode(wanted, doseq=True)}"


@pytest.mark.parametrize(
    ("pressed", "chosen"),
    [
        ({"remove": "s3:PutObject"}, ["s3:GetObject"]),
        ({"find": "iam:createuser", "add": "1"}, ["s3:GetObject", "s3:PutObject", "iam:CreateUser"]),
        (
            {"service": "sts", "find": "callerid", "add_all": "1"},
            ["s3:GetObject", "s3:PutObject", "sts:GetCallerIdentity"],
        ),
    ],
)
def test_it_obeys_the_buttons_without_running(pressed: dict[str, str], chosen: list[str], alice: Client) -> None:
    response = alice.get(url(action=["s3:GetObject", "s3:PutObject"], **pressed), follow=True)
    assert list(response.context["asked"].actions) == chosen
    assert response.context["outcome"].table is None


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"principal": ""}, "Choose a user, user group or role."),
        ({"action": []}, "Choose at least one action."),
        ({"action": "s3:*"}, "Invalid action name: s3:*"),
        ({"resource": "reports"}, "reports is not an ARN."),
        ({"principal": CHARLIE_ARN}, "The user with name charlie cannot be found."),
        ({"principal": "arn:aws:s3:::reports"}, "does not clearly define entity type and name"),
        ({"resource": [f"arn:aws:s3:::{number}" for number in range(MOST_ROWS + 1)]}, "Choose fewer actions"),
    ],
)
def test_it_says_what_is_wrong_with_a_question(asked: dict[str, object], said: str, alice: Client) -> None:
    response = alice.get(url(**{"action": "s3:GetObject", **asked}))
    assert response.status_code == 200
    assert said in response.content.decode()


@pytest.mark.parametrize("why", ["0", "7", "x", "99999999"])
def test_it_ignores_an_explanation_that_is_not_there(why: str, alice: Client) -> None:
    assert alice.get(url(action="s3:GetObject", why=why)).context["outcome"].why is None


@pytest.mark.parametrize(
    ("target", "holds"),
    [
        ("results", 'id="simulator-results"'),
        ("simulator-results", "<table"),
        ("split", "Evaluation steps"),
        ("action-choices", "iam:CreateUser"),
        ("context-keys", "aws:SourceIp"),
    ],
)
def test_it_answers_htmx_with_one_part(target: str, holds: str, alice: Client) -> None:
    address = url(action="s3:GetObject", why="1", find="iam:createuser")
    response = alice.get(address, headers={"HX-Request": "true", "HX-Target": target})
    text = response.content.decode()
    assert holds in text
    assert "<html" not in text
    assert response.has_header("HX-Push-Url") is (target == "results")


def test_it_refuses_bob_in_the_results(bob: Client) -> None:
    response = bob.get(url(action="s3:GetObject", principal=ALICE_ARN))
    text = response.content.decode()
    assert response.status_code == 200
    assert "<code>iam:SimulatePrincipalPolicy</code>" in text
    assert "<code>iam:ListUsers</code>" in text
    assert f'value="{BOB_ARN}"' in text


def test_it_hides_the_document_that_bob_may_not_read(bob: Client, world: World) -> None:
    allow(world.bob, "iam:SimulatePrincipalPolicy", resource=BOB_ARN)
    page = bob.get(url(action="iam:SimulatePrincipalPolicy", resource=BOB_ARN, why="1"))
    (shown,) = page.context["outcome"].why.shown
    assert shown.denied is not None
    assert shown.document == ""
    assert shown.denied.action == "iam:GetUserPolicy"


def test_it_changes_nothing_by_post(alice: Client) -> None:
    assert alice.post(PAGE).status_code == 405
