"""Alice's boto3 client, speaking as the SDK of Terraform's provider does, and what its resources refer to."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.awsrequest import AWSRequest

from tests.wire.in_process import client, key_of
from tests.wire.kinds.base import surround
from tests.world import World


def _as_go(request: AWSRequest, **_: object) -> None:
    """Go's SDK signs the length of the body too, and its own headers, which boto3 has."""
    request.headers["Content-Length"] = str(len(request.prepare().body))


@pytest.fixture
def iam(world: World) -> Any:
    made = client(key_of(world.alice))
    made.meta.events.register("before-sign.iam", _as_go)
    return made


@pytest.fixture
def around(iam: Any) -> None:
    surround(iam)
