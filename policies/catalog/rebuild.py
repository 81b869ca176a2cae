"""Rebuild aws_managed_policies.zip from a moto wheel: `python -m policies.catalog.rebuild WHEEL`."""

from __future__ import annotations

import argparse
import ast
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from policies.catalog.archive import ARCHIVE, Entry, write_archive

SOURCE_MEMBER = "moto/iam/aws_managed_policies.py"
DOCUMENT_ORDER = ("Version", "Id", "Statement")
STATEMENT_ORDER = (
    "Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition",
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description="Rebuild the archive of AWS managed policies.")
    parser.add_argument("wheel", type=Path, help="a moto wheel, from `pip download --no-deps moto==VERSION`")
    parser.add_argument("--output", type=Path, default=ARCHIVE)
    arguments = parser.parse_args()
    count = write_archive(entries(arguments.wheel), arguments.output)
    size = arguments.output.stat().st_size
    print(f"{count} policies, {size} bytes in {arguments.output}")  # noqa: T201


def entries(wheel: Path) -> Iterator[Entry]:
    """The policies of a moto wheel, with their documents in AWS's own order of elements."""
    for name, policy in json.loads(_embedded_json(wheel)).items():
        path, version = policy["Path"], policy["DefaultVersionId"]
        dates = policy["CreateDate"], policy["UpdateDate"]
        yield Entry(name, path, version, *dates, _in_order(policy["Document"]))


def _embedded_json(wheel: Path) -> str:
    """The JSON text inside the module: read as a literal, the module is never run."""
    with zipfile.ZipFile(wheel) as bundle:
        module = ast.parse(bundle.read(SOURCE_MEMBER))
    assignment = next(node for node in module.body if isinstance(node, ast.Assign))
    return str(ast.literal_eval(assignment.value))


def _in_order(document: dict[str, Any]) -> dict[str, Any]:
    """The source sorts keys by letter; people expect Version first and Effect before Action."""
    statements = document["Statement"]
    if isinstance(statements, list):
        document["Statement"] = [_sorted(statement, STATEMENT_ORDER) for statement in statements]
    else:
        document["Statement"] = _sorted(statements, STATEMENT_ORDER)
    return _sorted(document, DOCUMENT_ORDER)


def _sorted(members: dict[str, Any], order: tuple[str, ...]) -> dict[str, Any]:
    return {key: members[key] for key in sorted(members, key=order.index)}


if __name__ == "__main__":
    main()
