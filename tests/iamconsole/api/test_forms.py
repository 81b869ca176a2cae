"""Forms become inputs or are refused; nothing that was asked for is left out in silence."""

from __future__ import annotations

import pytest
from botocore.serialize import create_serializer
from hypothesis import given
from hypothesis import strategies as st

from iamconsole.api.forms import MalformedInput, is_form, parse
from iamconsole.operations.errors import ValidationError
from iamconsole.operations.inputs import operation_model

USER = {"UserName": "dana"}
A, B = {"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}


def tags(prefix: str, tag: dict[str, str]) -> dict[str, str]:
    return {f"Tags.{prefix}.{name}": value for name, value in tag.items()}


def test_it_reads_lists_of_structures() -> None:
    form = {"UserName": "dana", "Tags.member.1.Key": "a", "Tags.member.1.Value": "", "Tags.member.2.Key": "b", "X": "1"}
    assert parse("iam:CreateUser", form) == {"UserName": "dana", "Tags": [{"Key": "a", "Value": ""}, {"Key": "b"}]}


words = st.text(max_size=8)


names = st.text(min_size=5, max_size=8)


@given(st.lists(st.fixed_dictionaries({"ContextKeyName": names, "ContextKeyValues": st.lists(words, max_size=3)})))
def test_it_reads_what_botocore_writes(entries: list[dict[str, object]]) -> None:
    given_ = {"PolicyInputList": ["{}"], "ActionNames": ["s3:Get"], "ContextEntries": entries}
    model = operation_model("iam:SimulateCustomPolicy")
    assert model is not None
    form = create_serializer("query").serialize_to_request(given_, model)["body"]
    assert parse("iam:SimulateCustomPolicy", form) == given_


def test_it_orders_a_list_by_its_numbers_which_need_no_neighbours() -> None:
    form = USER | tags("member.10", B) | tags("member.2", A) | tags("member.999999999", {**A, "Key": "c"})
    assert [tag["Key"] for tag in parse("iam:CreateUser", form)["Tags"]] == ["a", "b", "c"]  # type: ignore[attr-defined]


def test_it_reads_an_empty_text_as_an_empty_list() -> None:
    assert parse("iam:CreateUser", {**USER, "Tags": ""}) == {**USER, "Tags": []}


@pytest.mark.parametrize(
    ("form", "message"),
    [
        (tags("1", A), "Top level element may not be treated as a list"),
        (tags("member.1", A) | tags("1", B), "Top level element may not be treated as a list"),
        (tags("entry.1", A), "Top level element may not be treated as a list"),
        (tags("member.0", A), "Unexpected list element termination"),
        (tags("member.01", A), "Unexpected list element termination"),
        (tags("member.-1", A), "Unexpected list element termination"),
        (tags("member.x", A), "Unexpected list element termination"),
        (tags("member.1000000000", A), "Unexpected list element termination"),
        (tags("member.\u0661", A), "Unexpected list element termination"),
        ({"Tags": "a"}, "Unexpected list element termination"),
        ({"Tags.member": "a"}, "Unexpected list element termination"),
        ({"Tags": ""} | tags("member.1", A), "Unexpected list element termination"),
        ({"Tags.member.1": "a"}, "Unexpected complex element termination"),
        (tags("member.1", A) | {"Tags.member.1.Key.x": "1"}, "Start of list found where not expected"),
        ({"Path.x": "1"}, "Start of list found where not expected"),
        ({"Path": "/", "Path.member.1": "/a/"}, "Start of list found where not expected"),
        ({"Path." + "a." * 1000: "1"}, "Start of list found where not expected"),
    ],
    ids=str,
)
def test_it_refuses_an_input_in_another_shape(form: dict[str, str], message: str) -> None:
    with pytest.raises(MalformedInput) as caught:
        parse("iam:CreateUser", USER | form)
    assert caught.value.message == message


def test_it_ignores_what_is_no_input_of_the_operation() -> None:
    form = USER | {"Foo": "1", "Bar.member.1.x": "2", "username": "x", "a." * 5000: ""}
    assert parse("iam:CreateUser", form) == USER


def test_it_keeps_a_structure_of_which_nothing_is_known() -> None:
    """A session policy under a misspelt name must not become a session without one."""
    form = {"PolicyArns.member.1.Arn": "x"}
    assert parse("sts:AssumeRole", form) == {"PolicyArns": [{}]}


@pytest.mark.parametrize(("member", "value"), [("MaxItems", "ten"), ("MaxItems", "9" * 40), ("OnlyAttached", "yes")])
def test_it_refuses_what_is_no_number_or_truth(member: str, value: str) -> None:
    with pytest.raises(ValidationError):
        parse("iam:ListPolicies", {member: value})


def test_it_reads_maps_by_their_entries() -> None:
    entry = {"Properties.entry.1.key": "a", "Properties.entry.1.value": "b"}
    model = operation_model("iam:PutAccountProperties")
    assert model is not None
    [member] = [name for name, shape in model.input_shape.members.items() if shape.type_name == "map"]
    form = {name.replace("Properties", member): value for name, value in entry.items()}
    assert parse("iam:PutAccountProperties", form)[member] == {"a": "b"}
    twice = form | {name.replace(".1.", ".2."): value for name, value in form.items()}
    with pytest.raises(ValidationError):
        parse("iam:PutAccountProperties", twice)
    for broken in ({f"{member}.entry.1": "a"}, {f"{member}.entry.1.value": "a"}):
        with pytest.raises(MalformedInput):
            parse("iam:PutAccountProperties", broken)


@pytest.mark.parametrize(
    ("content_type", "form"),
    [
        ("application/x-www-form-urlencoded", True),
        ("APPLICATION/X-WWW-Form-Urlencoded ; charset=utf-8", True),
        ("application/x-www-form-urlencodedx", False),
        ("application/x-www-form-urlencoded, text/xml", False),
        ("application/json", False),
        ("", False),
    ],
)
def test_it_knows_a_form_by_its_media_type(content_type: str, form: bool) -> None:
    assert is_form(content_type) is form
