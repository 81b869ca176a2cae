from __future__ import annotations

import pytest

from identities.mfa_kinds import MfaKind, key_of, kind_of, name_of

ARN = "arn:aws:iam::111122223333"
SERIALS = {
    f"{ARN}:mfa/lab/phone": (MfaKind.VIRTUAL, "phone"),
    f"{ARN}:u2f/user/alice/yubi-key-3MZ7JQ5CVQ4ZR2WH5YNUKRBNXA": (MfaKind.PASSKEY, "yubi-key"),
    f"{ARN}:u2f/root/yubikey-3MZ7JQ5CVQ4ZR2WH5YNUKRBNXA": (MfaKind.PASSKEY, "yubikey"),
    "GAHT12345678": (MfaKind.HARDWARE, "GAHT12345678"),
}


@pytest.mark.parametrize("serial", SERIALS)
def test_it_tells_kind_and_name_from_the_serial_number(serial: str) -> None:
    assert (kind_of(serial), name_of(serial)) == SERIALS[serial]


def test_it_keeps_the_tokens_of_two_accounts_apart() -> None:
    assert key_of("111122223333", "gaht12345678") == "111122223333/GAHT12345678"
    assert key_of("444455556666", "GAHT12345678") == "444455556666/GAHT12345678"
    assert key_of("444455556666", f"{ARN}:mfa/phone") == f"{ARN}:mfa/phone"
