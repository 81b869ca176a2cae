"""The command that makes the archive of managed policies."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from policies.catalog import archive, rebuild

SOURCE = {
    "Second": {
        "CreateDate": "2016-01-02T03:04:05+00:00",
        "DefaultVersionId": "v7",
        "Document": {"Statement": {"Action": "*", "Effect": "Deny", "Resource": "*"}, "Version": "2012-10-17"},
        "Path": "/job-function/",
        "UpdateDate": "2020-01-02T03:04:05+00:00",
    },
    "First": {
        "CreateDate": "2015-01-02T03:04:05+00:00",
        "DefaultVersionId": "v1",
        "Document": {"Statement": [{"Action": "s3:*", "Effect": "Allow", "Resource": "*"}], "Version": "2012-10-17"},
        "Path": "/",
        "UpdateDate": "2015-01-02T03:04:05+00:00",
    },
}


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    path = tmp_path / "moto.whl"
    module = f'# made up\npolicies_data = """\n{json.dumps(SOURCE)}"""\nraise SystemExit("never run")\n'
    with zipfile.ZipFile(path, "w") as bundle:
        bundle.writestr(rebuild.SOURCE_MEMBER, module)
    return path


def test_it_reads_the_wheel_without_running_it(wheel: Path) -> None:
    assert [entry.name for entry in rebuild.entries(wheel)] == ["Second", "First"]


def test_it_writes_rows_by_name_and_documents_in_aws_order(
    wheel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "out.zip"
    monkeypatch.setattr("sys.argv", ["rebuild", str(wheel), "--output", str(output)])
    rebuild.main()
    assert capsys.readouterr().out.startswith("2 policies, ")
    first, second = archive.read_index(output)
    assert (first.name, second.name, second.version, second.block) == ("First", "Second", "v7", 0)
    documents = archive.read_block(0, output)
    assert list(documents["Second"]) == ["Version", "Statement"]
    assert json.dumps(documents["Second"]["Statement"]) == '{"Effect": "Deny", "Action": "*", "Resource": "*"}'


def test_it_gives_the_same_bytes_twice(wheel: Path, tmp_path: Path) -> None:
    for name in ("one.zip", "two.zip"):
        archive.write_archive(rebuild.entries(wheel), tmp_path / name)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
