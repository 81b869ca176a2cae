from __future__ import annotations

import base64

import pytest

from iamconsole.operations.errors import InvalidInput
from iamconsole.operations.secrets import Secret
from identities import seeds

RAW = b"12345678901234567890"
BASE32 = base64.b32encode(RAW).decode()


@pytest.mark.parametrize(
    "text",
    [RAW.hex(), RAW.hex().upper(), BASE32, BASE32.lower(), f" {BASE32[:8]} {BASE32[8:]} ", "3132-3334" + RAW.hex()[8:]],
)
def test_it_reads_a_seed_in_hexadecimal_and_base32(text: str) -> None:
    assert seeds.base32(Secret(text)).reveal() == BASE32


def test_it_reads_base32_of_any_length() -> None:
    raw = bytes(range(17))
    text = base64.b32encode(raw).decode().rstrip("=")
    assert seeds.base32(Secret(text)).reveal() == text


@pytest.mark.parametrize("text", ["", "é" * 32, "0189" * 9 + "G", "A1B2C3!?" * 4, "\x00" * 32])
def test_it_refuses_what_is_neither(text: str) -> None:
    with pytest.raises(InvalidInput):
        seeds.base32(Secret(text))


@pytest.mark.parametrize(("size", "fits"), [(15, False), (16, True), (128, True), (129, False)])
def test_it_refuses_seeds_that_are_too_short_or_too_long(size: int, fits: bool) -> None:
    if fits:
        assert seeds.base32(Secret("7F" * size))
        return
    with pytest.raises(InvalidInput, match=f"this one has {size}"):
        seeds.base32(Secret("7F" * size))


def test_it_takes_a_serial_number_in_any_case() -> None:
    assert seeds.serial(" gaht12345678 ") == "GAHT12345678"


@pytest.mark.parametrize("text", ["", "GAHT1234", "G" * 65, "GAHT 12345678", "arn:aws:iam::1:mfa/x", "GAHT1234567é"])
def test_it_refuses_what_is_no_serial_number(text: str) -> None:
    with pytest.raises(InvalidInput, match="such as GAHT12345678"):
        seeds.serial(text)
