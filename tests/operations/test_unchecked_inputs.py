"""What a call brings is recorded only after the check has told secrets apart."""

from __future__ import annotations

import json

import pytest

from iamconsole.events.models import Event
from iamconsole.operations import door
from iamconsole.operations.errors import ValidationError
from tests.world import World


@pytest.mark.django_db
def test_it_keeps_a_password_out_of_the_event_of_an_invalid_call(world: World) -> None:
    with pytest.raises(ValidationError):
        door.perform(world.alice, "iam:CreateLoginProfile", {"UserName": "no blanks", "Password": "hunter2-Hunter2"})
    event = Event.objects.get()
    assert event.error_code == "ValidationError"
    assert "hunter2" not in json.dumps(event.record)
