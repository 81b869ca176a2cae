"""What `make run` starts: database, demo data when there is none, then gunicorn until it is stopped.

The web server runs in this process, so that the address is printed when it answers, not before.
"""

from __future__ import annotations

import io
import os
import socket
import sys
from pathlib import Path

HOST = "127.0.0.1"


def main() -> None:
    """Serve, or stop with a sentence that says what is in the way."""
    port = wanted_port()
    need_free_port(port)
    prepare()
    serve(port, sign_in_cards())


def wanted_port() -> int:
    """The port from PORT."""
    text = os.environ.get("PORT") or "8000"
    if not text.isdecimal() or not 0 < int(text) < 65536:
        sys.exit(f"PORT must be a number from 1 to 65535, not {text!r}.")
    return int(text)


def need_free_port(port: int) -> None:
    """Another server at the address, or no right to it, is found before anything is made."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a server that just stopped is no hindrance
        try:
            probe.bind((HOST, port))
        except PermissionError:
            sys.exit(f"Port {port} may not be used by this user. Choose another: make run PORT=8000")
        except OSError:
            sys.exit(f"Port {port} is in use, perhaps by another iamconsole. Choose another: make run PORT={port + 1}")


def prepare() -> None:
    """Load the product, bring the database up to date, and fill it when it is empty."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "iamconsole.settings")
    os.environ.setdefault("IAMCONSOLE_DEMO", "1")  # nobody else reaches this address, and no mail server is at hand
    need_writable(Path(os.environ.get("IAMCONSOLE_VAR") or Path(__file__).resolve().parent.parent / "var"))
    try:
        import django
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import CommandError
        from django.db import DatabaseError, connections

        django.setup()
    except ModuleNotFoundError as error:
        sys.exit(f"{error}: the environment is damaged. Remove .venv and run `make run`, it installs all anew.")
    except ImproperlyConfigured as error:
        sys.exit(" ".join(str(error).split()))
    try:
        migrate()
        refuse_wrong_keys()
        fill_when_empty()
    except (CommandError, ImproperlyConfigured) as error:
        sys.exit(" ".join(str(error).split()))
    except DatabaseError as error:
        sys.exit(f"The database cannot be used: {' '.join(str(error).split())} (DATABASE_URL says which one it is)")
    connections.close_all()  # the workers open their own


def need_writable(var: Path) -> None:
    """Keys and the database go to var/."""
    try:
        var.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = var / f".writable-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        sys.exit(f"Cannot write to {var}: {error.strerror}. Set IAMCONSOLE_VAR to a folder that you may write to.")


def migrate() -> None:
    """Make or update the tables; silent when there is nothing to do."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        say("Making the database…")
        call_command("migrate", verbosity=0, interactive=False)


def refuse_wrong_keys() -> None:
    """Master keys that do not open what is stored would break sign-in one person at a time: better not to start."""
    from identities.sealed import refuse_wrong_keys as refuse

    refuse()


def fill_when_empty() -> None:
    """Demo data for a database without an account."""
    from django.apps import apps
    from django.core.management import call_command

    if not apps.get_model("accounts", "Account").objects.exists():
        say("Making demo data…")
        call_command("demo_data")


def sign_in_cards() -> str:
    """As whom to sign in, as `manage.py sign_in_cards` tells it."""
    from django.core.management import call_command
    from django.db import connections

    text = io.StringIO()
    call_command("sign_in_cards", stdout=text)
    connections.close_all()
    return text.getvalue().rstrip()


def serve(port: int, cards: str) -> None:
    """gunicorn with threads: browsers keep connections open, and no proxy stands in front to hold them."""
    from gunicorn.app.base import BaseApplication

    from iamconsole.wsgi import application

    class Server(BaseApplication):
        def load_config(self) -> None:
            for name, value in server_settings(port).items():
                self.cfg.set(name, value)
            self.cfg.set(
                "when_ready",
                lambda arbiter: say(f"\niamconsole is at http://{HOST}:{port}\n\n{cards}\n\nCtrl-C stops it."),
            )

        def load(self) -> object:
            return application

    Server().run()


def server_settings(port: int) -> dict[str, object]:
    """As many processes as cores; SIGTERM lets requests finish for ten seconds."""
    return {
        "bind": f"{HOST}:{port}",
        "workers": max(2, os.cpu_count() or 1),
        "worker_class": "iamconsole.worker.StayingWorker",
        "threads": 4,
        "graceful_timeout": 10,
        "limit_request_line": 8190,  # a URL signed with temporary credentials carries their whole token
        "worker_tmp_dir": "/dev/shm" if Path("/dev/shm").is_dir() else None,  # noqa: S108 - heartbeat files, not data
        "loglevel": "warning",
        "control_socket_disable": True,
        "proc_name": "iamconsole",
    }


def say(text: str) -> None:
    """A line for the person at the terminal, at once even through a pipe."""
    print(text, flush=True)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
