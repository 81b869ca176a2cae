"""Policies and where they apply: customer managed, inline, attached, as boundary. AWS's own live in the catalogue."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower

from accounts.models import Account, AccountScoped
from identities.models import Group, Role, Tags, User


class Policy(AccountScoped):
    """A customer managed policy; its documents are its versions."""

    # The index of the unique name begins with the account.
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    id = models.CharField(primary_key=True, max_length=32)
    name = models.CharField(max_length=128)
    path = models.CharField(max_length=512, default="/")
    description = models.CharField(max_length=1000, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    default_version = models.IntegerField(default=1)
    last_version = models.IntegerField(default=1, help_text="version numbers are never used again")
    tags: models.JSONField[Tags] = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint("account", Lower("name"), name="policy_name_once_per_account")]

    def __str__(self) -> str:
        return self.name

    @property
    def arn(self) -> str:
        return f"arn:aws:iam::{self.account_id}:policy{self.path}{self.name}"


class PolicyVersion(AccountScoped):
    """One document of a customer managed policy, never changed once made."""

    policy = models.ForeignKey(Policy, on_delete=models.CASCADE, related_name="versions")
    number = models.IntegerField()
    document = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["policy", "number"], name="policy_version_once")]

    @property
    def version_id(self) -> str:
        return f"v{self.number}"


class _OnIdentity(AccountScoped):
    """On exactly one user, group or role, each found by the index of what it may have once."""

    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, db_index=False)
    group = models.ForeignKey(Group, null=True, on_delete=models.CASCADE, db_index=False)
    role = models.ForeignKey(Role, null=True, on_delete=models.CASCADE, db_index=False)

    class Meta:
        abstract = True

    @property
    def identity(self) -> User | Group | Role:
        return self.user or self.group or self.role  # type: ignore[return-value]


def _one_identity(name: str) -> models.CheckConstraint:
    one = [
        models.Q(**{f"{kind}__isnull": kind != chosen for kind in ("user", "group", "role")})
        for chosen in ("user", "group", "role")
    ]
    return models.CheckConstraint(condition=one[0] | one[1] | one[2], name=name)


def _once(prefix: str, *fields: str) -> list[models.UniqueConstraint]:
    return [
        models.UniqueConstraint(
            fields=[kind, *fields], condition=models.Q(**{f"{kind}__isnull": False}), name=f"{prefix}_once_per_{kind}"
        )
        for kind in ("user", "group", "role")
    ]


class InlinePolicy(_OnIdentity):
    """A policy that lives and dies with the identity it is written on."""

    name = models.CharField(max_length=128)
    document = models.TextField()

    class Meta:
        verbose_name_plural = "inline policies"
        constraints = [_one_identity("inline_policy_on_one"), *_once("inline_policy", "name")]


class Attachment(_OnIdentity):
    """A managed policy on an identity: AWS's by its ARN alone, a customer's also by the row."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    policy_arn = models.CharField(max_length=2048)
    policy = models.ForeignKey(Policy, null=True, on_delete=models.PROTECT, related_name="attachments")
    attached_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["account", "policy_arn"], name="attachments_of_policy")]
        constraints = [_one_identity("attachment_on_one"), *_once("attachment", "policy_arn")]


class Boundary(_OnIdentity):
    """The managed policy that limits what a user or role can do; groups have none."""

    policy_arn = models.CharField(max_length=2048)
    policy = models.ForeignKey(Policy, null=True, on_delete=models.PROTECT, related_name="boundaries")

    class Meta:
        verbose_name_plural = "boundaries"
        constraints = [_one_identity("boundary_on_one"), *_once("boundary")]
