"""Event history: the list, its filters, one event, and the downloads."""

from __future__ import annotations

import csv
import json
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from iamconsole.events.downloads import harmless
from iamconsole.events.models import Event
from iamconsole.events.queries import CAP
from iamconsole.operations import door
from iamconsole.operations.errors import AccessDenied
from tests.cast import ACCOUNT_ID, OTHER_ACCOUNT_ID
from tests.pages import sign_in
from tests.world import World, allow

LIST = "/cloudtrail/events/"


@pytest.fixture
def alice(world: World) -> Client:
    client = Client()
    sign_in(client, world.alice)
    return client


@pytest.fixture
def bob(world: World) -> Client:
    client = Client()
    sign_in(client, world.bob)
    return client


def make_event(name: str = "CreateUser", account_id: str = ACCOUNT_ID, **more: object) -> Event:
    facts: dict[str, object] = {
        "event_id": uuid4(),
        "account_id": account_id,
        "at": timezone.now(),
        "name": name,
        "source": "iam.amazonaws.com",
        "read_only": False,
        "principal_arn": "arn",
        "principal_type": "IAMUser",
        "user_name": "dana",
        "record": {"eventName": name},
        **more,
    }
    return Event.objects.create(**facts)


def names(client: Client, query: str = "") -> list[str]:
    return [event.name for event in client.get(LIST + query).context["table"].matching]


def test_it_lists_changes_newest_first_and_leaves_reads_out(alice: Client) -> None:
    make_event("CreateUser")
    make_event("DeleteUser")
    make_event("GetUser", read_only=True)
    assert names(alice) == ["DeleteUser", "CreateUser"]
    assert "GetUser" in names(alice, "?read_only=true")
    assert {"GetUser", "CreateUser"} <= set(names(alice, "?read_only=all"))


@pytest.mark.parametrize(
    ("attribute", "value"),
    [("name", "TagUser"), ("user_name", "erin"), ("resource_name", "shop"), ("access_key_id", "AKIAERIN")],
)
def test_it_filters_by_the_exact_value_of_an_attribute(attribute: str, value: str, alice: Client) -> None:
    make_event("CreateUser", resource_name="shop-2")
    facts = {"name": "TagUser", "user_name": "erin", "resource_name": "shop", "access_key_id": "AKIAERIN"}
    make_event(**facts)  # type: ignore[arg-type]
    assert names(alice, f"?attribute={attribute}&value={value}") == ["TagUser"]


def test_it_finds_one_event_by_its_id_even_a_read(alice: Client) -> None:
    found = make_event("GetUser", read_only=True)
    assert names(alice, f"?attribute=event_id&value={found.event_id}") == ["GetUser"]


def test_it_filters_by_time_and_by_words(alice: Client) -> None:
    make_event("CreateUser", at=timezone.now() - timedelta(hours=3))
    make_event("CreateRole")
    assert names(alice, "?range=1h") == ["CreateRole"]
    assert names(alice, "?q=createu") == ["CreateUser"]
    assert names(alice, "?to=2000-01-01T00:00") == []
    assert len(names(alice, "?from=2000-01-01T00:00")) == 2


@pytest.mark.parametrize("query", ["?attribute=event_id&value=x", "?from=yesterday"])
def test_it_says_what_it_cannot_read(query: str, alice: Client) -> None:
    response = alice.get(LIST + query)
    assert response.status_code == 200
    assert response.context["wanted"].problem in response.content.decode()


def test_it_ignores_filters_that_do_not_exist(alice: Client) -> None:
    make_event("CreateUser")
    assert names(alice, "?attribute=record__x&value=1&range=9y&read_only=maybe&page=-3&from=") == ["CreateUser"]


def test_it_shows_nothing_of_another_account(alice: Client) -> None:
    foreign = make_event("CreateUser", OTHER_ACCOUNT_ID)
    assert names(alice) == []
    assert alice.get(f"{LIST}{foreign.event_id}/").status_code == 404


def test_it_answers_htmx_with_the_table_alone(alice: Client) -> None:
    response = alice.get(LIST, headers={"HX-Request": "true"})
    assert "<html" not in response.content.decode()
    assert 'id="events-table"' in response.content.decode()


def test_it_pages_through_thousands_with_few_queries(
    alice: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    now = timezone.now()
    rows = [
        Event(
            event_id=uuid4(), account_id=ACCOUNT_ID, at=now, name=f"E{number}", source="s", read_only=False, record={}
        )
        for number in range(CAP + 5)
    ]
    Event.objects.bulk_create(rows, batch_size=2000)
    with django_assert_max_num_queries(13):
        page = alice.get(f"{LIST}?page=2")
    assert page.context["table"].matching[0].name == f"E{CAP + 4 - 50}"
    assert "(10,000+)" in page.content.decode()
    last = alice.get(f"{LIST}?page=200")
    assert len(last.context["table"].matching) == 50
    assert alice.get(f"{LIST}?page=999999").context["table"].page == 200


def test_it_shows_one_event_with_its_record_and_the_way_to_its_decision(alice: Client, world: World) -> None:
    door.perform(world.alice, "iam:CreateUser", {"UserName": "dana"})
    event = Event.objects.get(name="CreateUser")
    page = alice.get(f"{LIST}{event.event_id}/").content.decode()
    assert "AWS::IAM::User" in page
    assert "&quot;requestParameters&quot;" in page
    assert f"/iam/authorization-details/{event.event_id}/" in page


@pytest.mark.parametrize("address", [LIST, f"{LIST}{UUID(int=7)}/", f"{LIST}download.csv", f"{LIST}download.json"])
def test_it_tells_bob_which_permission_he_lacks(address: str, bob: Client) -> None:
    response = bob.get(address)
    assert response.status_code == 403
    assert "cloudtrail:LookupEvents" in response.content.decode()


def test_it_asks_the_engine_for_the_permission(bob: Client, world: World) -> None:
    allow(world.bob, "cloudtrail:LookupEvents")
    assert bob.get(LIST).status_code == 200
    assert Event.objects.filter(name="LookupEvents", user_name="bob", error_code="").exists()


def test_it_downloads_what_the_filter_shows(alice: Client) -> None:
    make_event("CreateUser", resource_name="=cmd()")
    make_event("DeleteUser")
    text = alice.get(f"{LIST}download.csv?attribute=name&value=CreateUser").content.decode()
    rows = list(csv.DictReader(text.splitlines()))
    assert [(row["Event name"], row["Resource name"]) for row in rows] == [("CreateUser", "'=cmd()")]
    found = json.loads(alice.get(f"{LIST}download.json").content)
    assert [record["eventName"] for record in found["Records"]] == ["DeleteUser", "CreateUser"]


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\tx", "\rx"])
def test_it_disarms_formulas(text: str) -> None:
    assert harmless(text) == f"'{text}"
    assert harmless("dana") == "dana"


def test_it_changes_nothing_by_post(alice: Client) -> None:
    assert alice.post(LIST).status_code == 405


def test_it_keeps_the_request_with_a_refusal(world: World) -> None:
    with pytest.raises(AccessDenied):
        door.perform(world.bob, "iam:GetUser", {"UserName": "alice"})
    kept = Event.objects.get(error_code="AccessDenied").decision
    assert kept is not None
    request = kept["request"]
    assert isinstance(request, dict)
    assert request["action"] == "iam:GetUser"
    assert request["context"]["aws:username"] == "bob"
