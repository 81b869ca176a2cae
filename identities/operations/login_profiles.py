"""Console passwords of users: given, replaced and taken away by others, changed by the user itself."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F

from accounts import throttle
from accounts.caller import CallerKind
from accounts.models import Account
from iamconsole.operations.call import Call
from iamconsole.operations.errors import ApiError, EntityAlreadyExists, PasswordPolicyViolation, ValidationError
from iamconsole.operations.registry import Asked, Result, operation
from iamconsole.operations.secrets import Secret
from identities import password_rules, root_login, shapes
from identities.models import LoginProfile, User
from identities.operations.shared import no_sign_in_duration
from identities.passwords import hash_password, verify
from identities.queries import find_login_profile, find_user, login_profile_of, whose_user
from identities.targets import user_target

# What is set with a password; when it was last used is noted by sign-ins, at any moment.
PASSWORD_FIELDS = ("password", "former", "changed_at", "reset_required")


class InvalidUserType(ApiError):
    code, status = "InvalidUserType", 400


class OldPasswordIncorrect(ApiError):
    """AWS's code for a wrong old password; no policy refused, so there is nothing to explain."""

    code, status = "AccessDenied", 403


@operation("iam:CreateLoginProfile", resource=user_target)
def create_login_profile(
    call: Call,
    *,
    user_name: str | None = None,
    password: Secret | None = None,
    password_reset_required: bool = False,
    max_signin_session_duration: int | None = None,
) -> Result:
    """Give a user a console password; as a privileged task, let root set its own by e-mail."""
    if root_login.is_task(call.caller, user_name):
        return {"LoginProfile": root_login.allow_recovery(call.account_id, call.now)}
    no_sign_in_duration(max_signin_session_duration)
    user = whose_user(call.caller, user_name)
    if login_profile_of(user) is not None:
        raise EntityAlreadyExists(f"Login Profile for user {user.name} already exists.")
    if password is None:
        null = "Value at 'password' failed to satisfy constraint: Member must not be null"
        raise ValidationError(f"1 validation error detected: {null}")
    profile = LoginProfile(account_id=call.account_id, user=user, created_at=call.now)
    profile.reset_required = password_reset_required
    _set_password(profile, password, call.now)
    profile.save(force_insert=True)
    return {"LoginProfile": shapes.login_profile(profile)}


@operation("iam:GetLoginProfile", resource=user_target)
def get_login_profile(call: Call, *, user_name: str | None = None) -> Result:
    """Show whether a user has a console password and since when."""
    if root_login.is_task(call.caller, user_name):
        return {"LoginProfile": root_login.shown(call.account_id)}
    return {"LoginProfile": shapes.login_profile(find_login_profile(whose_user(call.caller, user_name)))}


@operation("iam:UpdateLoginProfile", resource=user_target)
def update_login_profile(
    call: Call,
    *,
    user_name: str,
    password: Secret | None = None,
    password_reset_required: bool | None = None,
    max_signin_session_duration: int | None = None,
    reset_max_signin_session_duration: bool | None = None,
) -> Result:
    """Replace a user's console password, or make the user choose a new one at the next sign-in."""
    no_sign_in_duration(max_signin_session_duration)
    profile = find_login_profile(find_user(call.account_id, user_name))
    if password_reset_required is not None:
        profile.reset_required = password_reset_required
    if password is not None:
        _set_password(profile, password, call.now)
    profile.save(update_fields=PASSWORD_FIELDS)
    return {}


@operation("iam:DeleteLoginProfile", resource=user_target)
def delete_login_profile(call: Call, *, user_name: str | None = None) -> Result:
    """Take a user's console password away and end its console sessions."""
    if root_login.is_task(call.caller, user_name):
        root_login.remove(call.account_id)
        return {}
    profile = find_login_profile(whose_user(call.caller, user_name))
    end_sessions(profile.user)
    profile.delete()
    return {}


def old_password_counts(asked: Asked) -> None:
    """Wrong old passwords are counted, on pages and the wire alike."""
    given = asked.inputs["OldPassword"]
    user = whose_user(asked.caller, None) if asked.caller.kind is CallerKind.USER else None
    profile = login_profile_of(user) if user else None
    if profile is None or not isinstance(given, Secret):
        return
    throttle.admit_change(asked.caller, asked.now)
    if not verify(given, profile.password):
        raise OldPasswordIncorrect("The old password was incorrect.")
    throttle.change_was_right(asked.caller)


@operation("iam:ChangePassword", resource=user_target, guard=old_password_counts)
def change_password(call: Call, *, old_password: Secret, new_password: Secret) -> Result:
    """Change the caller's own console password."""
    if call.caller.kind is not CallerKind.USER:
        raise InvalidUserType("Only IAM Users can change their own password")
    profile = find_login_profile(whose_user(call.caller, None))
    if not verify(old_password, profile.password):
        raise OldPasswordIncorrect("The old password was incorrect.")
    _need_own_say(call, profile)
    profile.reset_required = False
    _set_password(profile, new_password, call.now)
    profile.save(update_fields=PASSWORD_FIELDS)
    return {}


def end_sessions(user: User) -> None:
    """No console session from before now goes on: each holds the credential version it began with."""
    User.objects.of(user.account_id).filter(pk=user.pk).update(credential_version=F("credential_version") + 1)


def _need_own_say(call: Call, profile: LoginProfile) -> None:
    """Under hard expiry the console lets nobody in to choose a new password; access keys still can, as on AWS."""
    if call.caller.origin.via == "console" and password_rules.only_an_administrator_helps(profile, call.now):
        raise PasswordPolicyViolation("Your password has expired. Ask your administrator to set a new one.")


def _set_password(profile: LoginProfile, password: Secret, now: datetime) -> None:
    password_rules.check_for(Account.objects.get(pk=profile.account_id), password)
    password_rules.check_reuse(profile, password)
    password_rules.remember(profile)
    profile.password, profile.changed_at = hash_password(password), now
    end_sessions(profile.user)
