"""The file format of the managed policies: a zip of one index and many small blocks of documents.

A zip can be read in the middle, so one policy costs one block (about 40 documents) and never the whole 5 MB.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

ARCHIVE = Path(__file__).with_name("aws_managed_policies.zip")
INDEX_MEMBER = "index.json"
BLOCK_SIZE = 40
_FIXED_DATE = (1980, 1, 1, 0, 0, 0)


class IndexRow(NamedTuple):
    """What is known of one policy without opening its document; dates are ISO 8601 text."""

    name: str
    path: str
    version: str
    created: str
    updated: str
    block: int


class Entry(NamedTuple):
    """One policy as it comes from the source, before it is put into a block."""

    name: str
    path: str
    version: str
    created: str
    updated: str
    document: dict[str, object]


def block_member(number: int) -> str:
    return f"documents/{number:03d}.json"


def read_index(archive: Path = ARCHIVE) -> list[IndexRow]:
    with zipfile.ZipFile(archive) as bundle:
        return [IndexRow(*row) for row in json.loads(bundle.read(INDEX_MEMBER))]


@lru_cache(maxsize=8)
def read_block(number: int, archive: Path = ARCHIVE) -> dict[str, dict[str, object]]:
    """The documents of one block by policy name; callers must not change them."""
    with zipfile.ZipFile(archive) as bundle:
        block: dict[str, dict[str, object]] = json.loads(bundle.read(block_member(number)))
    return block


def write_archive(entries: Iterable[Entry], archive: Path = ARCHIVE) -> int:
    """Write all policies, sorted by name; the same entries always give the same bytes."""
    ordered = sorted(entries, key=lambda entry: entry.name)
    blocks = [ordered[start : start + BLOCK_SIZE] for start in range(0, len(ordered), BLOCK_SIZE)]
    rows = [IndexRow(*entry[:5], number) for number, block in enumerate(blocks) for entry in block]
    with zipfile.ZipFile(archive, "w") as bundle:
        _add(bundle, INDEX_MEMBER, rows)
        for number, block in enumerate(blocks):
            _add(bundle, block_member(number), {entry.name: entry.document for entry in block})
    return len(ordered)


def _add(bundle: zipfile.ZipFile, member: str, content: object) -> None:
    info = zipfile.ZipInfo(member, _FIXED_DATE)
    info.external_attr = 0o644 << 16
    text = json.dumps(content, separators=(",", ":"), ensure_ascii=False)
    bundle.writestr(info, text, zipfile.ZIP_LZMA)
