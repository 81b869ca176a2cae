"""Which texts are dates when a policy is saved."""

from __future__ import annotations

import pytest

from policies.engine.validate_dates import is_policy_date


@pytest.mark.parametrize(
    "text",
    [
        "2026", "2026-11", "2026-11-24", "2026-11-24T23", "2026-11-24T23:05", "2026-11-24T23:05:09Z", "01T",
        "2026-11-24t2:00:00.593194+23", "2026-11-24T23:05:09.593194+00:00", "2026-11-24T23:05:09-0530",
        "-292275054", "0", "1767225600", "9223372036854775807",
    ],
)  # fmt: skip
def test_it_takes_iso_dates_of_any_precision_and_epoch_seconds(text: str) -> None:
    assert is_policy_date(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "tomorrow", "234-13", "2026-00-01", "2026-01-32", "2026-01-01T24", "2026-01-01T10:60",
        "2026-01-01T10:10:60",
        "2026-11-24t2:00:00.593194+1", "2026-11-24t2:00:00.1999999999+10:59", "2026-01-01T10:10:10+24:00",
        "9223372036854775808", "9" * 5000, "-292275055", "2026-1-1-1", "1.5", "\u0662\u0660\u0662\u0666",
        "${aws:CurrentTime}",
    ],
)  # fmt: skip
def test_it_refuses_anything_else(text: str) -> None:
    assert not is_policy_date(text)
