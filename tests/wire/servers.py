"""The product in processes of their own, on the tests' own database."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from django.db import connection

ROOT = Path(__file__).resolve().parent.parent.parent
# One process and one thread each, as small as a server can be: it says where it listens, and answers until it is ended.
SERVER = """
import django
django.setup()
from wsgiref.simple_server import WSGIRequestHandler, make_server
from django.core.wsgi import get_wsgi_application
class Quiet(WSGIRequestHandler):
    def log_message(self, *arguments): pass
server = make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=Quiet)
print(server.server_port, flush=True)
server.serve_forever()
"""


@contextmanager
def server() -> Iterator[subprocess.Popen[str]]:
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": database()}
    command = [sys.executable, "-c", SERVER]
    with subprocess.Popen(command, env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def port_of(process: subprocess.Popen[str]) -> int:
    assert process.stdout is not None
    return int(process.stdout.readline())


def database() -> str:
    """The tests' own database, as another process finds it."""
    found = {name: quote(str(value), safe="/") for name, value in connection.settings_dict.items() if value}
    if connection.vendor == "sqlite":
        return f"sqlite:///{found['NAME']}"
    owner = ":".join(filter(None, (found.get("USER"), found.get("PASSWORD"))))
    return f"postgres://{owner}@{found['HOST']}:{found['PORT']}/{found['NAME']}"
