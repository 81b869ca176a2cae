"""The servers that the figures of the wire compare: ours as `make run` starts it, and moto's where it is installed."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from iamconsole.bench.wire_client import HOST, Client, request

ROOT = Path(__file__).resolve().parent.parent.parent
FORM = "application/x-www-form-urlencoded; charset=utf-8"
ANYTHING = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
START_SECONDS = 60
MOTO_ACCOUNT = "123456789012"
Key = tuple[str, str]


@dataclass(frozen=True)
class Server:
    """A running server and an administrator's key for it."""

    port: int
    pid: int
    key: Key
    account_id: str
    database: str = ""
    """The file of its database; empty where it has none."""

    def signed(self, action: str, **parameters: str) -> tuple[bytes, dict[str, str]]:
        """The body and headers of a call, signed by botocore; good for fifteen minutes."""
        return signed(self.port, self.key, action, **parameters)

    def ready(self, action: str, **parameters: str) -> bytes:
        """The same as it goes over the wire."""
        return request(self.port, *self.signed(action, **parameters))


def signed(port: int, key: Key, action: str, **parameters: str) -> tuple[bytes, dict[str, str]]:
    body = urlencode({"Action": action, "Version": "2010-05-08", **parameters})
    request = AWSRequest("POST", f"http://{HOST}:{port}/", data=body, headers={"Content-Type": FORM})
    SigV4Auth(Credentials(*key), "iam", "us-east-1").add_auth(request)
    return body.encode(), dict(request.headers.items())


@contextmanager
def ours() -> Iterator[Server]:
    """Our server on a database of its own, with the workers and threads of `make run`."""
    with tempfile.TemporaryDirectory(prefix="iamconsole-bench-") as folder:
        env = {
            **os.environ,
            "IAMCONSOLE_VAR": folder,
            "DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3",
            "DJANGO_SETTINGS_MODULE": "iamconsole.settings",
        }
        _manage(env, "migrate", "-v0")
        made = json.loads(_manage(env, "create_account", "bench", "--email", "b@example.com", "--admin-key", "--json"))
        port, key = free_port(), (made["access_key_id"], made["secret_access_key"])
        start = f"import django; django.setup(); from iamconsole import serve; serve.serve({port}, '')"
        with _running([sys.executable, "-c", start], env, port) as pid:
            yield Server(port, pid, key, made["account_id"], f"{folder}/bench.sqlite3")


def _manage(env: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    return subprocess.run(command, env=env, check=True, capture_output=True, text=True, cwd=ROOT).stdout


def moto_program() -> str | None:
    """moto's server: beside our Python, on the PATH, or where MOTO_SERVER says; None where it is not installed."""
    beside = Path(sys.executable).parent / "moto_server"
    return os.environ.get("MOTO_SERVER") or (str(beside) if beside.exists() else shutil.which("moto_server"))


@contextmanager
def moto() -> Iterator[Server]:
    """moto's server; after three calls that make an administrator it checks signatures and policies, as ours does."""
    program, port = moto_program(), free_port()
    assert program is not None
    env = {**os.environ, "INITIAL_NO_AUTH_ACTION_COUNT": "3"}
    with _running([program, "-H", HOST, "-p", str(port)], env, port) as pid:
        nobody = ("AKIAIOSFODNN7EXAMPLE", "nobody")
        ask(port, *signed(port, nobody, "CreateUser", UserName="admin"))
        policy = {"UserName": "admin", "PolicyName": "all", "PolicyDocument": json.dumps(ANYTHING)}
        ask(port, *signed(port, nobody, "PutUserPolicy", **policy))
        answer = ask(port, *signed(port, nobody, "CreateAccessKey", UserName="admin")).decode()
        yield Server(port, pid, (_between(answer, "AccessKeyId"), _between(answer, "SecretAccessKey")), MOTO_ACCOUNT)


def _between(xml: str, tag: str) -> str:
    return xml.partition(f"<{tag}>")[2].partition(f"</{tag}>")[0]


def ask(port: int, body: bytes, headers: dict[str, str]) -> bytes:
    """One call on a connection of its own. Raises RuntimeError where it is no success."""
    client = Client(port)
    try:
        return client.call(request(port, body, headers))
    finally:
        client.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def _running(command: list[str], env: dict[str, str], port: int) -> Iterator[int]:
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT)
    try:
        _wait_for(process, port)
        yield process.pid
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()


def _wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            socket.create_connection((HOST, port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"{process.args!r} did not start")


def cpu_seconds(pid: int) -> float:
    """CPU time of a process and its children so far; 0 where the system has no /proc."""
    processes = Path("/proc").glob("[0-9]*/stat")
    ticks = {}
    for file in processes:
        try:
            fields = file.read_text().rpartition(")")[2].split()
        except OSError:  # it has just ended
            continue
        ticks[int(file.parent.name)] = (int(fields[1]), int(fields[11]) + int(fields[12]))
    family = {pid}
    while more := {child for child, (parent, _) in ticks.items() if parent in family} - family:
        family |= more
    return sum(used for each, (_, used) in ticks.items() if each in family) / os.sysconf("SC_CLK_TCK")
