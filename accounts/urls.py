"""Addresses of signing in and of credentials. Those below `iam/users/` are about another user's credentials."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, path, re_path

from accounts.middleware import STATUS
from accounts.views import (
    access_keys,
    account_settings,
    alias,
    console_sessions,
    dashboard,
    mailbox,
    mfa,
    mfa_assign,
    mfa_devices,
    mfa_passkey,
    mfa_tokens,
    multi_session,
    password,
    recovery,
    root_account,
    rotation,
    security_credentials,
    signin,
    signout,
    switch_role,
    temporary_credentials,
    unlock,
)
from accounts.views.own import of_a_person

OWN = "iam/security-credentials/"
OTHERS = "iam/users/<str:user_name>/"


def both(route: str, view: Callable[..., HttpResponse], name: str) -> list[URLPattern]:
    """One page at two addresses: for oneself as `name`, and for another user as `user-name`."""
    return [path(OWN + route, of_a_person(view), name=name), path(OTHERS + route, view, name=f"user-{name}")]


urlpatterns: list[URLPattern | URLResolver] = [
    path("", signout.home, name="home"),
    path("signin/", signin.signin, name="signin"),
    path("signin/root/", signin.signin_root, name="signin-root"),
    path("signin/root/forgot-password/", recovery.forgot, name="signin-root-forgot"),
    path("signin/root/reset/<str:token>/", recovery.reset, name="signin-root-reset"),
    path("mailbox/", mailbox.mailbox, name="mailbox"),
    path("signin/mfa/", mfa.challenge, name="signin-mfa"),
    path("signin/mfa/passkey/", mfa_passkey.passkey, name="signin-mfa-passkey"),
    path("signin/mfa/passkey/options/", mfa_passkey.options, name="signin-mfa-passkey-options"),
    path("signin/mfa/resync/", mfa.resync, name="signin-mfa-resync"),
    path("signin/change-password/", password.forced_change, name="signin-change-password"),
    path("signout/", signout.signout, name="signout"),
    path("signout/all/", multi_session.signout_all, name="signout-all"),
    path("signed-out/", signout.signed_out, name="signed-out"),
    path(STATUS.lstrip("/"), console_sessions.status, name="session-status"),
    path("multi-session/", multi_session.multi_session, name="multi-session"),
    # Without a slash at its end, as AWS has it in the links that people pass on.
    path("switchrole", switch_role.switch_role, name="switch-role"),
    path("switchrole/back/", switch_role.switch_back, name="switch-back"),
    path("switchrole/history/", switch_role.history_edit, name="switch-role-history"),
    re_path(r"^(?P<account>[a-z0-9-]{3,63})/signin/$", signin.signin_account, name="signin-account"),
    path(OWN, security_credentials.security_credentials, name="security-credentials"),
    path(f"{OWN}password/", of_a_person(password.own_password), name="security-credentials-password"),
    path(f"{OWN}sessions/end/", console_sessions.end, name="sessions-end"),
    path(f"{OTHERS}sessions/end/", console_sessions.end, name="user-sessions-end"),
    path(f"{OWN}account/", root_account.root_account, name="security-credentials-account"),
    *both("mfa/assign/", mfa_assign.assign, "mfa-assign"),
    *both("mfa/assign/passkey/", mfa_assign.passkey, "mfa-passkey"),
    *both("mfa/assign/passkey/options/", mfa_assign.passkey_options, "mfa-passkey-options"),
    *both("mfa/assign/hardware/", mfa_assign.hardware, "mfa-hardware"),
    *both("mfa/assign/<str:token>/", mfa_assign.set_up, "mfa-set-up"),
    *both("mfa/remove/<path:serial>/", mfa_devices.remove, "mfa-remove"),
    *both("mfa/resync/<path:serial>/", mfa_devices.resync, "mfa-resync"),
    *both("access-keys/create/", access_keys.create, "access-key-create"),
    *both("access-keys/create/description/", access_keys.describe, "access-key-description"),
    *both("access-keys/create/done/", access_keys.retrieve, "access-key-done"),
    *both("access-keys/rotate/", rotation.rotate, "access-key-rotate"),
    path(f"{OWN}temporary/", of_a_person(temporary_credentials.temporary_credentials), name="temporary-credentials"),
    *both("access-keys/<str:key_id>/status/", access_keys.status, "access-key-status"),
    *both("access-keys/<str:key_id>/delete/", access_keys.delete, "access-key-delete"),
    path(f"{OTHERS}unlock/", unlock.unlock, name="user-unlock"),
    path("iam/", dashboard.dashboard, name="dashboard"),
    path("iam/account-settings/", account_settings.account_settings, name="account-settings"),
    path("iam/account-settings/password-policy/", account_settings.password_policy_edit, name="password-policy-edit"),
    path("iam/account-settings/mfa-tokens/", mfa_tokens.tokens, name="mfa-tokens"),
    path("iam/account-settings/mfa-tokens/delete/<path:serial>/", mfa_tokens.delete, name="mfa-tokens-delete"),
    path("iam/account-alias/", alias.alias_edit, name="alias-edit"),
    path("iam/account-alias/delete/", alias.alias_delete, name="alias-delete"),
]
