"""The named cast of every test: alice administers, bob has little, charlie lives elsewhere, root is root."""

from __future__ import annotations

ACCOUNT_ID = "111122223333"
OTHER_ACCOUNT_ID = "444455556666"

ROOT_ARN = f"arn:aws:iam::{ACCOUNT_ID}:root"
ALICE_ARN = f"arn:aws:iam::{ACCOUNT_ID}:user/alice"
BOB_ARN = f"arn:aws:iam::{ACCOUNT_ID}:user/bob"
CHARLIE_ARN = f"arn:aws:iam::{OTHER_ACCOUNT_ID}:user/charlie"
