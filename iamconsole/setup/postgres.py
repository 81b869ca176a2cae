"""Run a command with DATABASE_URL at a throw-away PostgreSQL: `python -m iamconsole.setup.postgres COMMAND…`.

A DATABASE_URL that names a PostgreSQL is used as it is. Otherwise a server of our own is started in a temporary
folder on a free port of this machine, and it is stopped and removed however the command ends.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from iamconsole.setup.browser import apt_install
from iamconsole.setup.environment import wants_postgres

# Nobody will miss this data: no waiting for the disk.
FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200"


def main(command: list[str]) -> None:
    """Run the command and leave with its exit code."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that `finally` runs
    if wants_postgres():
        sys.exit(subprocess.run(command, check=False).returncode)
    with throw_away_server() as url:
        sys.exit(subprocess.run(command, env={**os.environ, "DATABASE_URL": url}, check=False).returncode)


@contextmanager
def throw_away_server() -> Iterator[str]:
    """A running PostgreSQL; gives its DATABASE_URL."""
    programs = find_programs()
    with tempfile.TemporaryDirectory(prefix="iamconsole-postgres-") as folder:
        server = Server(programs, Path(folder), free_port())
        server.start()
        try:
            yield f"postgres://iamconsole@127.0.0.1:{server.port}/postgres"
        finally:
            server.stop()


class Server:
    """One cluster in one folder; as root it runs as another user, because PostgreSQL refuses root."""

    def __init__(self, programs: Path, folder: Path, port: int) -> None:
        self.programs, self.folder, self.port = programs, folder, port
        self.user = unprivileged_user()
        if self.user:
            os.chown(folder, self.user.pw_uid, self.user.pw_gid)

    def start(self) -> None:
        """Make the cluster and wait until it answers."""
        data = str(self.folder / "data")
        self.run("initdb", "-D", data, "-U", "iamconsole", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        place = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder}"
        self.run("pg_ctl", "-D", data, "-w", "-l", str(self.folder / "log"), "-o", f"{place} {FAST}", "start")

    def stop(self) -> None:
        """End it at once."""
        self.run("pg_ctl", "-D", str(self.folder / "data"), "-w", "-m", "immediate", "stop")

    def run(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs as the unprivileged user."""
        # To a file, not to a pipe: the server that pg_ctl leaves behind would hold the pipe open for ever.
        with (self.folder / f"{program}.out").open("w+") as said:
            done = subprocess.run(
                [str(self.programs / program), *arguments],
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                check=False,
                user=self.user.pw_uid if self.user else None,
                group=self.user.pw_gid if self.user else None,
                extra_groups=[] if self.user else None,
            )
            if done.returncode:
                said.seek(0)
                sys.exit(f"{said.read().strip()}\nPostgreSQL's {program} failed (exit code {done.returncode}).")


def find_programs() -> Path:
    """The folder of initdb and pg_ctl; installs PostgreSQL on a Debian when it is missing."""
    found = programs_here()
    if not found:
        print("Installing PostgreSQL for the tests…", flush=True)
        found = programs_here() if apt_install("postgresql") else None
    if not found:
        sys.exit(
            "PostgreSQL's initdb and pg_ctl are not here: install the postgresql package, "
            "or set DATABASE_URL to a server whose user may create databases."
        )
    return found


def programs_here() -> Path | None:
    """On the PATH, or where Debian hides them; the newest version first."""
    on_path = shutil.which("pg_ctl")
    places = [Path(on_path).parent] if on_path else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda place: -float(place.parent.name))
    return next((place for place in places if (place / "pg_ctl").exists() and (place / "initdb").exists()), None)


def unprivileged_user() -> pwd.struct_passwd | None:
    """Whom the server runs as when we are root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    return names.get("postgres") or names["nobody"]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main(sys.argv[1:])
