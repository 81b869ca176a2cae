"""`python -m tests.policies.engine.mutation [MODULE…]`: change the engine, see whether its tests notice, one line each.

Each mutant lives in a forked child that imports the changed source in place of the module: nothing is written. The
module's own tests go first, then the written cases, since few mutants survive both, then all other fast tests, drawing
the same worlds each time.
"""

from __future__ import annotations

import contextlib
import importlib.abc
import importlib.util
import json
import os
import signal
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

import hypothesis.strategies  # noqa: F401 - imported once here, not in every child
import pytest
from hypothesis import HealthCheck, settings

from tests.policies.engine.mutation.mutants import Mutant, mutants

PACKAGE = "policies.engine"
HERE = Path(__file__).parents[1]
ROOT = Path(__file__).parents[4]
MODULES = "evaluate statement principal conditions.condition conditions.operator conditions.string conditions.numeric "
MODULES += "conditions.date conditions.boolean conditions.binary conditions.ip conditions.arn conditions.null "
MODULES += "wildcard variables policy_set resource action services arn request"
# The written cases have their own turn.
LEFT_OUT = ("validate", "lint", "purity", "properties", "data_cases")
SECONDS, WORLDS = 60, "60"


class _Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports one module from a changed source."""

    def __init__(self, name: str, source: str) -> None:
        self.name, self.source = name, source

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        return importlib.util.spec_from_loader(name, self) if name == self.name else None

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self.source, self.name, "exec"), module.__dict__)  # noqa: S102


def main(wanted: list[str]) -> None:
    os.environ["IAMCONSOLE_WORLDS"] = WORLDS
    killed = total = 0
    for module in wanted or MODULES.split():
        file = ROOT / PACKAGE.replace(".", "/") / f"{module.replace('.', '/')}.py"
        if not _survives(f"{PACKAGE}.{module}", Mutant(0, "nothing", file.read_text("utf-8"))):
            # With tests that fail anyway every mutant would count as noticed.
            sys.exit(f"{module}: the tests do not pass on the engine as it is")
        results = [_tried(module, mutant) for mutant in mutants(file.read_text("utf-8"))]
        alive = sum(results)
        killed, total = killed + len(results) - alive, total + len(results)
        _say(json.dumps({"module": module, "mutants": len(results), "killed": len(results) - alive}))
    _say(json.dumps({"mutants": total, "killed": killed, "score": round(killed / max(total, 1), 3)}))


def _tried(module: str, mutant: Mutant) -> bool:
    """Whether the mutant survives; it is named at once, since a module takes minutes."""
    alive = _survives(f"{PACKAGE}.{module}", mutant)
    if alive:
        _say(f"  {module}:{mutant.line}: {mutant.change}")
    return alive


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _survives(name: str, mutant: Mutant) -> bool:
    child = os.fork()
    if not child:
        # Of computing, not of waiting: on a busy machine a mutant must not count as noticed because it had to wait.
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        code = 1
        with contextlib.suppress(BaseException):
            code = _notices(name, mutant)
        os._exit(code)
    return os.waitpid(child, 0)[1] == 0


def _notices(name: str, mutant: Mutant) -> int:
    """0 when all tests pass on the mutant."""
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    sys.meta_path.insert(0, _Changed(name, mutant.source))
    # As in conftest: without this a busy machine alone would fail tests, and every mutant would count as noticed.
    settings.register_profile("mutants", derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
    settings.load_profile("mutants")
    files = [file for file in sorted(HERE.glob("test_*.py")) if not _named(file).startswith(LEFT_OUT)]
    own = [file for file in files if _named(file).startswith(name.rpartition(".")[2])]
    return _tested(own) or _decided() or _tested([file for file in files if file not in own])


def _named(file: Path) -> str:
    return file.stem.removeprefix("test_")


def _decided() -> int:
    from tests.policies.engine.test_data_cases import ALL_CASES, test_it_decides_as_aws_does

    for case in ALL_CASES:
        test_it_decides_as_aws_does(case)
    return 0


def _tested(files: Sequence[Path]) -> int:
    plugins = [word for name in ("randomly", "django", "cacheprovider", "xdist") for word in ("-p", f"no:{name}")]
    bare = ["-c", os.devnull, f"--rootdir={ROOT}", "--noconftest", "--assert=plain", "--hypothesis-seed=0"]
    return pytest.main([*map(str, files), "-xq", *bare, *plugins]) if files else 0


if __name__ == "__main__":
    main(sys.argv[1:])
