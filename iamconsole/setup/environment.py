"""Make `.venv` and install iamconsole into it; run by the system's Python, so only the standard library is used here.

    python3 iamconsole/setup/environment.py [dev]

A stamp file remembers what was installed from which pyproject.toml, so the next start skips all this.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts" if os.name == "nt" else "bin") / "python"
STAMP = VENV / "iamconsole-installed"
LOG = VENV / "install.log"


def main(arguments: list[str]) -> None:
    """Bring `.venv` up to date, or stop with a sentence."""
    extra = "dev" if "dev" in arguments else "postgres" if wants_postgres() else ""
    if sys.version_info < (3, 11):  # noqa: UP036 - this is the check that the others rely on
        sys.exit(f"iamconsole needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    if is_installed(extra):
        return
    print("Installing… (a minute or two the first time)", flush=True)
    try:
        install(extra)
    except OSError as error:
        sys.exit(f"Cannot write the environment: {error}. Run it from a folder that you may write to.")
    STAMP.write_text(stamp(extra))


def stamp(extra: str) -> str:
    """What an up-to-date environment was made from; the folder, because a moved environment points to the old place."""
    wanted = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
    return f"{extra} {wanted} {sys.version_info.major}.{sys.version_info.minor} {ROOT}\n"


def is_installed(extra: str) -> bool:
    """True when the stamp fits, or that of an environment with more in it."""
    if not STAMP.exists() or not PYTHON.exists():
        return False
    enough = ("", "postgres", "dev")
    return STAMP.read_text() in map(stamp, enough[enough.index(extra) :])


def install(extra: str) -> None:
    """With uv when it is there, else with venv and pip, which come with Python."""
    STAMP.unlink(missing_ok=True)
    target = f"{ROOT}[{extra}]" if extra else str(ROOT)
    uv = shutil.which("uv")
    if uv:
        make_environment([uv, "venv", "--quiet", "--allow-existing", "--python", sys.executable, VENV])
        installers: list[list[str | Path]] = [[uv, "pip", "install", "--python", PYTHON, "-e", target]]
        if (ROOT / "uv.lock").exists():  # the locked versions; a package index of one's own may not have them
            installers.insert(0, [uv, "sync", "--frozen", "--inexact", *(["--extra", extra] if extra else [])])
    else:
        need_venv_module()
        make_environment([sys.executable, "-m", "venv", *([] if PYTHON.exists() else ["--clear"]), VENV])
        installers = [[PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "-e", target]]
    if not any(ran(installer) for installer in installers):
        sys.exit(
            f"{tail(LOG)}\nThe packages could not be installed (whole log: {LOG.relative_to(ROOT)}). "
            "Is the network up, and the Python package index reachable? Then run the same command again."
        )


def wants_postgres() -> bool:
    """True when DATABASE_URL asks for the driver."""
    return os.environ.get("DATABASE_URL", "").startswith(("postgres", "psql", "pgsql"))


def need_venv_module() -> None:
    """Debian and Ubuntu ship Python without the part that makes environments."""
    if importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip"):
        return
    sys.exit(
        "Python's venv module is not installed here. On Debian or Ubuntu: apt-get install python3-venv; "
        "or install uv, which is used when it is there."
    )


def make_environment(command: list[str | Path]) -> None:
    """An empty environment; one that is already there is kept."""
    made = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if made.returncode:
        said = (made.stderr or made.stdout).strip().splitlines() or ["no reason given"]
        sys.exit(f"Cannot make the environment {VENV}: {said[-1]}")


def ran(command: list[str | Path]) -> bool:
    """Run an installer, its words going to the log; True when it worked."""
    environment = {**os.environ, "UV_PROJECT_ENVIRONMENT": str(VENV)}
    with LOG.open("w") as log:
        return not subprocess.run(
            command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=False
        ).returncode


def tail(path: Path, lines: int = 6) -> str:
    """The last words of a log."""
    return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
