"""The product's settings for tests: secrets that are no secrets, a throw-away database, nothing written into var/."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

# Before the import below: with these set, the product generates no keys of its own.
os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 50)
os.environ.setdefault("IAMCONSOLE_MASTER_KEYS", "ktest:b25seSBmb3IgdGhlIHRlc3RzLCBub3QgYSBzZWNyZXQ=")
os.environ.setdefault("IAMCONSOLE_VAR", str(Path(tempfile.gettempdir()) / f"iamconsole-tests-{os.getuid()}"))

from iamconsole.settings import *  # noqa: F403
from iamconsole.settings import DATABASES, VAR

ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver"]
ORIGINS = ["http://localhost:8000"]

if DATABASES["default"]["ENGINE"] == "iamconsole.sqlite":
    # A file, as in production, so that the threads of the live server and the test see one database and queue for it.
    # The run's name keeps two runs on one machine apart; the workers of one run get a suffix each.
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    VAR.mkdir(parents=True, exist_ok=True)
    DATABASES["default"]["TEST"] = {"NAME": str(VAR / f"{run}.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] = (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA foreign_keys=ON"
    )

# A test reads what was sent right after it.
MAIL_IN_BACKGROUND = False

# The cheapest hash that is still argon2id: a test that signs in must not wait for it.
ARGON2_PARAMETERS = {"time_cost": 1, "memory_cost": 8, "parallelism": 1}

# Every test client starts the middleware anew: static files are looked for when one is asked for, not all at the start.
WHITENOISE_AUTOREFRESH = True
