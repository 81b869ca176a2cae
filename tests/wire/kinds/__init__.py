"""All kinds of resources that Terraform's AWS provider knows of IAM."""

from __future__ import annotations

from tests.wire.kinds import account, credentials, identities, policies

KINDS = (*identities.KINDS, *policies.KINDS, *credentials.KINDS, *account.KINDS)
