"""The engine stands alone."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import sys
class Wall:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("django", "accounts", "identities", "iamconsole", "botocore"):
            raise ImportError(name + " is blocked")
sys.meta_path.insert(0, Wall())
import policies.engine, policies.engine.cases
print(policies.engine.decide.__name__, "django" in sys.modules)
"""


def test_it_imports_with_django_absent() -> None:
    found = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False)
    assert (found.stdout.split(), found.stderr) == (["decide", "False"], "")
