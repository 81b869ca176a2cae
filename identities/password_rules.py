"""The rules an account sets for its users' passwords, applied: made, remembered, expired.

Source: IAM user guide, "Set an account password policy for IAM users" (id_credentials_passwords_account-policy): length
and kinds of characters count when a password is set, expiry counts at once for passwords that are there already.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.models import Account, PasswordPolicy
from iamconsole.operations.errors import PasswordPolicyViolation
from iamconsole.operations.secrets import Secret
from iamconsole.prepared import Prepared
from identities import passwords
from identities.models import LoginProfile

USUAL_LENGTH = 20
# The most that a policy can forbid to use again.
REMEMBERED = 24
# Source: id_credentials_passwords_account-policy, "Enable password expiration": warned of in the last 15 days.
WARNED_FOR = timedelta(days=15)


def rules_of(account_id: str) -> PasswordPolicy | None:
    """The account's own rules; None where AWS's default rules hold."""
    return _RULES.first(account_id=account_id)


# Every page asks whether a password is about to expire.
_RULES: Prepared[PasswordPolicy] = Prepared(lambda account_id: PasswordPolicy.objects.of(account_id), "account_id")


def check_for(account: Account, password: Secret) -> None:
    """Whether a user of the account may have this password. Raises PasswordPolicyViolation."""
    passwords.check_policy(password, account.name, account.root_email, rules_of(account.pk))


def generate_for(account_id: str) -> Secret:
    """A new password that the account's rules take."""
    rules = rules_of(account_id)
    return passwords.generate(max(USUAL_LENGTH, rules.minimum_length if rules else 0))


def check_reuse(profile: LoginProfile, password: Secret) -> None:
    """Not one of the user's last passwords, the present one among them. Raises PasswordPolicyViolation."""
    rules = rules_of(profile.account_id)
    if rules is None or not rules.remembered or not profile.password:
        return
    last = [profile.password, *profile.former][: rules.remembered]
    if any(passwords.verify(password, each) for each in last):
        raise PasswordPolicyViolation(
            "Policy constraint violation with password reuse prevention during password change."
        )


def remember(profile: LoginProfile) -> None:
    """The present password becomes an earlier one; kept also without a policy, for one that may come."""
    if profile.password:
        profile.former = [profile.password, *profile.former][:REMEMBERED]


def expires_at(profile: LoginProfile, rules: PasswordPolicy | None) -> datetime | None:
    """When a password becomes too old; None under rules without an age."""
    return profile.changed_at + timedelta(days=rules.max_age_days) if rules and rules.max_age_days else None


def is_expired(profile: LoginProfile, now: datetime) -> bool:
    """Whether a password must be changed before anything else."""
    end = expires_at(profile, rules_of(profile.account_id))
    return end is not None and end <= now


def only_an_administrator_helps(profile: LoginProfile, now: datetime) -> bool:
    """Whether the password expired under rules that do not let its user choose the next one."""
    rules = rules_of(profile.account_id)
    return rules is not None and bool(rules.hard_expiry) and is_expired(profile, now)
