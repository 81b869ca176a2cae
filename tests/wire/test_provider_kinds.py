"""Every kind of resource of Terraform's AWS provider for IAM: applied, planned empty, changed, imported, destroyed.

The provider itself cannot be had everywhere (test_terraform.py runs it where it can). Its calls are made here as its
source makes them, and what it would take for a difference fails.
"""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from tests.cast import ACCOUNT_ID
from tests.wire.kinds import KINDS
from tests.wire.kinds.base import Kind, walk

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_it_is_applied_planned_empty_changed_imported_and_destroyed(iam: Any, around: None, kind: Kind) -> None:
    call_command("create_organization", ACCOUNT_ID, stdout=StringIO())
    walk(iam, kind)
