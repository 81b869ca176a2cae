"""Names that the tests of the provider's calls share."""

from __future__ import annotations

from tests.cast import ACCOUNT_ID

ARN = f"arn:aws:iam::{ACCOUNT_ID}"
BOUNDARY = "arn:aws:iam::aws:policy/PowerUserAccess"
GONE = "NoSuchEntity"
