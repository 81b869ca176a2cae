"""Accounts, their root users, rules and reports, and the state of signing in. Everything else belongs to an account."""

from __future__ import annotations

from typing import Any, ClassVar, Self, TypeVar

from django.db import models

Row = TypeVar("Row", bound=models.Model)


class Account(models.Model):
    """An AWS account: twelve digits, one root user, everything inside it.

    `revision` grows with every write to the account's identities or policies, in the same transaction: whoever holds
    something computed from them compares one number. The row is also the lock that makes quotas exact.
    """

    id = models.CharField(primary_key=True, max_length=12)
    name = models.CharField(max_length=50)
    alias = models.CharField(max_length=63, unique=True, null=True, blank=True)
    created_at = models.DateTimeField()
    revision = models.BigIntegerField(default=0)
    root_email = models.CharField(max_length=254, unique=True)
    root_password = models.CharField(max_length=200, blank=True)
    root_password_changed_at = models.DateTimeField(null=True, blank=True)
    root_last_sign_in_at = models.DateTimeField(null=True, blank=True)
    root_credential_version = models.IntegerField(default=1)
    root_recovery = models.BooleanField(default=True, help_text="whether root may set a password by a mailed link")

    def __str__(self) -> str:
        return f"{self.name} ({self.id})"

    @property
    def root_arn(self) -> str:
        return f"arn:aws:iam::{self.id}:root"


class ScopedManager(models.Manager[Row]):
    """Rows of one account; `of` is the way in, so that another account's rows are as good as absent."""

    def of(self, account_id: str) -> models.QuerySet[Row]:
        return self.filter(account_id=account_id)


class AccountScoped(models.Model):
    """A row inside an account."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    objects: ClassVar[ScopedManager[Self]] = ScopedManager()

    class Meta:
        abstract = True


class PasswordPolicy(AccountScoped):
    """The account's own rules for the console passwords of its users; without a row AWS's default rules hold."""

    minimum_length = models.IntegerField(default=6)
    require_symbols = models.BooleanField(default=False)
    require_numbers = models.BooleanField(default=False)
    require_uppercase = models.BooleanField(default=False)
    require_lowercase = models.BooleanField(default=False)
    users_may_change = models.BooleanField(default=False)
    max_age_days = models.IntegerField(null=True)
    remembered = models.IntegerField(null=True, help_text="how many earlier passwords cannot be used again")
    hard_expiry = models.BooleanField(null=True, help_text="an expired password is replaced by an administrator only")

    class Meta:
        verbose_name_plural = "password policies"
        constraints = [models.UniqueConstraint(fields=["account"], name="password_policy_once_per_account")]


class CredentialReport(AccountScoped):
    """The newest credential report of an account, kept as it was made."""

    generated_at = models.DateTimeField()
    content = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account"], name="credential_report_once_per_account")]


class AccessReport(AccountScoped):
    """What one identity or policy last used, service by service, as it was when somebody asked."""

    id = models.UUIDField(primary_key=True)
    granularity = models.CharField(max_length=16)
    generated_at = models.DateTimeField()
    content: models.JSONField[dict[str, Any]] = models.JSONField()


class Preferences(AccountScoped):
    """Settings of an account that AWS keeps by name; without a row AWS's defaults hold."""

    token_version = models.IntegerField(default=1, help_text="of the tokens of the global STS endpoint: 1 or 2")
    properties: models.JSONField[dict[str, str]] = models.JSONField(default=dict, help_text="by Namespace/Property")

    class Meta:
        verbose_name_plural = "preferences"
        constraints = [models.UniqueConstraint(fields=["account"], name="preferences_once_per_account")]


class Organization(models.Model):
    """Accounts under one management account, and which features of central root access are on for them."""

    id = models.CharField(primary_key=True, max_length=34)
    root_id = models.CharField(max_length=34)
    management = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="+")
    members: models.ManyToManyField[Account, Any] = models.ManyToManyField(Account, related_name="organizations")
    features: models.JSONField[list[str]] = models.JSONField(default=list)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.id


class Throttle(models.Model):
    """Failures counted under one key (who, from where, which factor) since `since`; changed by atomic updates only."""

    key = models.CharField(primary_key=True, max_length=200)
    failures = models.IntegerField(default=0)
    since = models.DateTimeField()
    blocked_until = models.DateTimeField(null=True, blank=True)
    subject = models.CharField(max_length=100, blank=True, db_index=True, help_text="whose sign-in; a digest")
    place = models.CharField(max_length=64, blank=True, help_text="the network it was tried from, for administrators")


class PendingSignIn(models.Model):
    """A password was right, a second step is due: lives five minutes, is used once, opens no page."""

    token = models.CharField(primary_key=True, max_length=64)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    user_id = models.CharField(max_length=32, blank=True, help_text="AIDA… of the IAM user; empty for root")
    step = models.CharField(max_length=16, help_text="mfa or password")
    mfa_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(db_index=True)


class ConsoleSession(AccountScoped):
    """One sign-in to the console, and the role it acts as; the Django session only names it, all that counts is here.

    `account` and `user_id` are who signed in. `role` holds a switched role: its caller as temporary credentials
    describe it, and how the page shows it.
    """

    id = models.CharField(primary_key=True, max_length=32)
    user_id = models.CharField(max_length=32, blank=True, help_text="AIDA… of the IAM user; empty for root")
    slot = models.PositiveSmallIntegerField(default=1, help_text="which of a browser's sessions: its cookie and path")
    version = models.IntegerField(help_text="the credential version it holds; with another one it is over")
    since = models.DateTimeField(db_index=True)
    last_seen = models.DateTimeField()
    mfa_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    source_ip = models.CharField(max_length=64)
    user_agent = models.CharField(max_length=512, blank=True)
    role: models.JSONField[dict[str, Any] | None] = models.JSONField(null=True)
    recent_roles: models.JSONField[list[dict[str, str]]] = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["account", "user_id"], name="console_session_of_user")]


class RoleHistory(AccountScoped):
    """A role that somebody switched to in the console, as the menu shows it."""

    user_id = models.CharField(max_length=32)
    role_account = models.CharField(max_length=12)
    role_name = models.CharField(max_length=576, help_text="with its path, without the slash in front")
    display_name = models.CharField(max_length=64)
    colour = models.CharField(max_length=8, blank=True)
    pinned = models.BooleanField(default=False)
    used_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "role history"
        constraints = [
            models.UniqueConstraint(
                fields=["account", "user_id", "role_account", "role_name"], name="role_once_in_a_history"
            )
        ]


class MailedLink(models.Model):
    """A link that was mailed: for one purpose, one account and one use. An unknown address gets one that opens nothing.

    Only the digest of its secret is kept; `version` is root's credential version when it was sent.
    """

    digest = models.CharField(primary_key=True, max_length=64)
    purpose = models.CharField(max_length=32)
    account = models.ForeignKey(Account, null=True, on_delete=models.CASCADE, related_name="+")
    version = models.IntegerField(default=0)
    expires_at = models.DateTimeField(db_index=True)


class Mail(models.Model):
    """A mail that was not sent anywhere, for the mailbox page of a demo installation."""

    to = models.CharField(max_length=254)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    sent_at = models.DateTimeField()
