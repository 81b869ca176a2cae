"""The account's password policy: the rules its users' console passwords must keep, in place of AWS's default rules."""

from __future__ import annotations

from accounts.models import PasswordPolicy
from iamconsole.operations.call import Call
from iamconsole.operations.errors import NoSuchEntity
from iamconsole.operations.registry import Result, operation


@operation("iam:GetAccountPasswordPolicy")
def get_account_password_policy(call: Call) -> Result:
    """Show the account's own password policy."""
    policy = PasswordPolicy.objects.of(call.account_id).first()
    if policy is None:
        raise NoSuchEntity(f"The Password Policy with domain name {call.account_id} cannot be found.")
    return {"PasswordPolicy": _shape(policy)}


@operation("iam:UpdateAccountPasswordPolicy")
def update_account_password_policy(
    call: Call,
    *,
    minimum_password_length: int = 6,
    require_symbols: bool = False,
    require_numbers: bool = False,
    require_uppercase_characters: bool = False,
    require_lowercase_characters: bool = False,
    allow_users_to_change_password: bool = False,
    max_password_age: int | None = None,
    password_reuse_prevention: int | None = None,
    hard_expiry: bool | None = None,
) -> Result:
    """Set the account's password policy as a whole: what is not given goes back to its default."""
    rules = {
        "minimum_length": minimum_password_length,
        "require_symbols": require_symbols,
        "require_numbers": require_numbers,
        "require_uppercase": require_uppercase_characters,
        "require_lowercase": require_lowercase_characters,
        "users_may_change": allow_users_to_change_password,
        "max_age_days": max_password_age,
        "remembered": password_reuse_prevention,
        "hard_expiry": hard_expiry,
    }
    PasswordPolicy.objects.update_or_create(account_id=call.account_id, defaults=rules)
    return {}


@operation("iam:DeleteAccountPasswordPolicy")
def delete_account_password_policy(call: Call) -> Result:
    """Take the account's password policy away: AWS's default rules hold again."""
    gone, _ = PasswordPolicy.objects.of(call.account_id).delete()
    if not gone:
        raise NoSuchEntity("The account policy with name PasswordPolicy cannot be found.")
    return {}


def _shape(policy: PasswordPolicy) -> Result:
    optional = {
        "MaxPasswordAge": policy.max_age_days,
        "PasswordReusePrevention": policy.remembered,
        "HardExpiry": policy.hard_expiry,
    }
    return {
        "MinimumPasswordLength": policy.minimum_length,
        "RequireSymbols": policy.require_symbols,
        "RequireNumbers": policy.require_numbers,
        "RequireUppercaseCharacters": policy.require_uppercase,
        "RequireLowercaseCharacters": policy.require_lowercase,
        "AllowUsersToChangePassword": policy.users_may_change,
        "ExpirePasswords": policy.max_age_days is not None,
        **{member: value for member, value in optional.items() if value is not None},
    }
