"""Two servers on one database: what one of them changes counts for the very next request of the other."""

from __future__ import annotations

import http.client
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from iamconsole.bench.wire_client import HOST
from iamconsole.bench.wire_servers import Key, signed
from tests.policies.operations.doing import do, document, make, make_policy
from tests.wire.servers import port_of, server
from tests.world import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 10
READ = document("iam:ListUsers")


class Servers:
    """The two processes, warm or not, and two people's keys."""

    def __init__(self, ports: list[int], world: World) -> None:
        self.ports = ports
        self.world, self.alice, self.bob = world, _key(world, "alice"), _key(world, "bob")

    def tell(self, server: int, action: str, **parameters: str) -> None:
        """alice changes something at one server."""
        status, answer = _ask(self.ports[server], self.alice, action, **parameters)
        assert status == 200, answer

    def allowed(self, server: int) -> bool:
        """Whether bob may list users, asked of one server."""
        status, answer = _ask(self.ports[server], self.bob, "ListUsers")
        assert status == 200 or (status == 403 and b"AccessDenied" in answer), answer
        return status == 200


def _key(world: World, name: str) -> Key:
    made = do(world.alice, "CreateAccessKey", UserName=name)["AccessKey"]
    return made["AccessKeyId"], made["SecretAccessKey"].reveal()


def _ask(port: int, key: Key, action: str, **parameters: str) -> tuple[int, bytes]:
    talk = http.client.HTTPConnection(HOST, port, timeout=60)
    try:
        talk.request("POST", "/", *signed(port, key, action, **parameters))
        answer = talk.getresponse()
        return answer.status, answer.read()
    finally:
        talk.close()


@pytest.fixture
def servers(transactional_db: None) -> Iterator[Servers]:
    world = make_world()
    with ExitStack() as running:
        started = [running.enter_context(server()) for _ in range(2)]
        yield Servers([port_of(each) for each in started], world)


Change = Callable[[Servers, int], None]


def _by_attaching(servers: Servers) -> tuple[Change, Change]:
    named = {"UserName": "bob", "PolicyArn": make_policy(servers.world.alice, "A", PolicyDocument=READ)}
    return (
        lambda servers, server: servers.tell(server, "AttachUserPolicy", **named),
        lambda servers, server: servers.tell(server, "DetachUserPolicy", **named),
    )


def _by_a_group(servers: Servers) -> tuple[Change, Change]:
    group = make(servers.world.alice, "Group", "readers")
    servers.tell(0, "PutGroupPolicy", **group, PolicyName="read", PolicyDocument=READ)
    return (
        lambda servers, server: servers.tell(server, "AddUserToGroup", **group, UserName="bob"),
        lambda servers, server: servers.tell(server, "RemoveUserFromGroup", **group, UserName="bob"),
    )


def _by_a_version(servers: Servers) -> tuple[Change, Change]:
    policy = make_policy(servers.world.alice, "B", PolicyDocument=READ)
    servers.tell(0, "AttachUserPolicy", UserName="bob", PolicyArn=policy)
    servers.tell(
        0, "CreatePolicyVersion", PolicyArn=policy, PolicyDocument=document("iam:GetUser"), SetAsDefault="true"
    )
    return (
        lambda servers, server: servers.tell(server, "SetDefaultPolicyVersion", PolicyArn=policy, VersionId="v1"),
        lambda servers, server: servers.tell(server, "SetDefaultPolicyVersion", PolicyArn=policy, VersionId="v2"),
    )


def test_it_heeds_a_change_of_another_process_at_once(servers: Servers) -> None:
    for prepare in (_by_attaching, _by_a_group, _by_a_version):
        give, take = prepare(servers)
        assert not servers.allowed(0)
        assert not servers.allowed(1)
        for turn in range(ROUNDS):
            here, there = turn % 2, (turn + 1) % 2
            give(servers, here)
            assert servers.allowed(there), f"{prepare.__name__}, {turn}: what was given does not count yet"
            take(servers, here)
            assert not servers.allowed(there), f"{prepare.__name__}, {turn}: what was taken still counts"
