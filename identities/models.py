"""Users, groups, roles and their credentials, all inside one account. Ids and ARNs are AWS-shaped."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.functions import Lower

from accounts.models import Account, AccountScoped
from identities.mfa_kinds import MfaKind, kind_of, name_of

Tags = list[dict[str, str]]


class Identity(AccountScoped):
    """What users, groups and roles share: an id never used again, a name unique without regard to case, a path."""

    # The index of the unique name begins with the account; one more would be one more page to write.
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    id = models.CharField(primary_key=True, max_length=32)
    name = models.CharField(max_length=128)
    path = models.CharField(max_length=512, default="/")
    created_at = models.DateTimeField()

    arn_type = ""

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def arn(self) -> str:
        return f"arn:aws:iam::{self.account_id}:{self.arn_type}{self.path}{self.name}"


class User(Identity):
    """An IAM user: an identity with long-term credentials."""

    tags: models.JSONField[Tags] = models.JSONField(default=list)
    credential_version = models.IntegerField(default=1, help_text="grows when sessions signed in before must end")
    arn_type = "user"

    class Meta:
        constraints = [models.UniqueConstraint("account", Lower("name"), name="user_name_once_per_account")]


class Group(Identity):
    """A set of users that share policies; never a principal."""

    arn_type = "group"
    users: models.ManyToManyField[User, Membership] = models.ManyToManyField(
        User, through="Membership", related_name="groups"
    )

    class Meta:
        constraints = [models.UniqueConstraint("account", Lower("name"), name="group_name_once_per_account")]


class Membership(AccountScoped):
    """One user in one group."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships", db_index=False)
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="memberships")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "group"], name="member_once")]
        indexes = [models.Index(fields=["account", "user"], name="memberships_of_user")]


class Role(Identity):
    """An identity that trusted principals assume for a while; it has no credentials of its own."""

    description = models.CharField(max_length=1000, blank=True)
    trust_policy = models.TextField()
    max_session_duration = models.IntegerField(default=3600)
    tags: models.JSONField[Tags] = models.JSONField(default=list)
    last_used_at = models.DateTimeField(null=True, blank=True)
    last_used_region = models.CharField(max_length=32, blank=True)
    arn_type = "role"

    class Meta:
        constraints = [models.UniqueConstraint("account", Lower("name"), name="role_name_once_per_account")]


class InstanceProfile(Identity):
    """What hands a role to an EC2 instance: a container with one role in it, or none."""

    role = models.ForeignKey(Role, null=True, on_delete=models.PROTECT, related_name="instance_profiles")
    tags: models.JSONField[Tags] = models.JSONField(default=list)
    arn_type = "instance-profile"

    class Meta:
        constraints = [models.UniqueConstraint("account", Lower("name"), name="instance_profile_name_once_per_account")]


class LoginProfile(AccountScoped):
    """A user's console password."""

    user = models.OneToOneField(User, primary_key=True, on_delete=models.CASCADE, related_name="login_profile")
    password = models.CharField(max_length=200, help_text="Argon2id, never the text")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    former: models.JSONField[list[str]] = models.JSONField(default=list, help_text="hashes, the newest first")
    reset_required = models.BooleanField(default=False)
    last_used_at = models.DateTimeField(null=True, blank=True)


class AccessKey(AccountScoped):
    """A long-term key of a user, or of root where `user` is empty. The secret is sealed (iamconsole.sealing)."""

    id = models.CharField(primary_key=True, max_length=32)
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="access_keys")
    sealed_secret = models.TextField()
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    last_used_service = models.CharField(max_length=64, blank=True)
    last_used_region = models.CharField(max_length=32, blank=True)


class MfaDevice(AccountScoped):
    """A second factor. Enabled for a user, or for root (`for_root`), or not yet assigned to anybody.

    Apps and tokens have a seed, passkeys a public key. The primary key is the serial number (mfa_kinds.key_of).
    """

    serial_number = models.CharField(primary_key=True, max_length=256)
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="mfa_devices")
    for_root = models.BooleanField(default=False)
    sealed_seed = models.TextField(blank=True)
    enabled_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    last_step = models.BigIntegerField(default=0, help_text="the newest 30-second step accepted: no code works twice")
    drift = models.IntegerField(default=0, help_text="steps the device's clock is ahead of ours")
    tags: models.JSONField[Tags] = models.JSONField(default=list)
    credential_id = models.TextField(blank=True, help_text="of a passkey, base64url")
    public_key = models.TextField(blank=True, help_text="of a passkey, COSE in base64url")
    sign_count = models.BigIntegerField(default=0, help_text="of a passkey: how often it signed; grows or stays 0")
    verifies_user = models.BooleanField(default=False, help_text="a passkey that asked for a PIN or finger at first")
    transports: models.JSONField[list[str]] = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "credential_id"],
                condition=~models.Q(credential_id=""),
                name="passkey_once_per_account",
            )
        ]

    @property
    def kind(self) -> MfaKind:
        return kind_of(self.serial_number)

    @property
    def serial(self) -> str:
        """The serial number as people and AWS's answers write it."""
        return self.serial_number.removeprefix(f"{self.account_id}/")

    @property
    def name(self) -> str:
        return name_of(self.serial_number)


class PasskeyChallenge(AccountScoped):
    """What a passkey is to sign: for one session and purpose (`bound_to`), good once and for five minutes."""

    value = models.CharField(primary_key=True, max_length=64)
    bound_to = models.CharField(max_length=64)
    expires_at = models.DateTimeField(db_index=True)


class SamlProvider(AccountScoped):
    """An identity provider that signs SAML assertions, as its metadata document describes it."""

    id = models.CharField(primary_key=True, max_length=64)
    name = models.CharField(max_length=128)
    metadata = models.TextField()
    valid_until = models.DateTimeField()
    encryption = models.CharField(max_length=16, blank=True, help_text="Required or Allowed; empty: none was chosen")
    context_provider: models.JSONField[dict[str, Any]] = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    tags: models.JSONField[Tags] = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint("account", Lower("name"), name="saml_name_once_per_account")]

    @property
    def arn(self) -> str:
        return f"arn:aws:iam::{self.account_id}:saml-provider/{self.name}"


class SamlKey(AccountScoped):
    """A private key that opens encrypted assertions of one provider; sealed (iamconsole.sealing)."""

    id = models.CharField(primary_key=True, max_length=64)
    provider = models.ForeignKey(SamlProvider, on_delete=models.CASCADE, related_name="keys")
    sealed_key = models.TextField()
    created_at = models.DateTimeField()


class OidcProvider(AccountScoped):
    """An identity provider that issues OpenID Connect tokens, known by its URL (kept without `https://`)."""

    url = models.CharField(max_length=255)
    client_ids: models.JSONField[list[str]] = models.JSONField(default=list)
    thumbprints: models.JSONField[list[str]] = models.JSONField(default=list)
    keys: models.JSONField[list[dict[str, str]]] = models.JSONField(default=list, help_text="its public keys, JWK")
    context_provider: models.JSONField[dict[str, Any]] = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    tags: models.JSONField[Tags] = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "url"], name="oidc_url_once_per_account")]

    @property
    def arn(self) -> str:
        return f"arn:aws:iam::{self.account_id}:oidc-provider/{self.url}"


class TokenIssuer(AccountScoped):
    """The account as an issuer of OpenID Connect tokens about its own principals, for services outside."""

    id = models.CharField(primary_key=True, max_length=64)
    enabled = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account"], name="token_issuer_once_per_account")]


class TokenKey(AccountScoped):
    """A private key that signs such tokens, by one algorithm; sealed (iamconsole.sealing)."""

    id = models.CharField(primary_key=True, max_length=64)
    issuer = models.ForeignKey(TokenIssuer, on_delete=models.CASCADE, related_name="keys")
    algorithm = models.CharField(max_length=8)
    sealed_key = models.TextField()
    created_at = models.DateTimeField()


class DelegationTemplate(AccountScoped):
    """A policy with parameters (`@{bucketName}`) that an account may ask other accounts to be delegated."""

    arn = models.CharField(primary_key=True, max_length=256)
    document = models.TextField()


class DelegationRequest(AccountScoped):
    """An account asks for permissions in another one, for a while; `account` is the one that asks."""

    id = models.CharField(primary_key=True, max_length=64)
    owner_account = models.CharField(max_length=12, blank=True, db_index=True)
    owner_arn = models.CharField(max_length=2_048, blank=True)
    approver: models.JSONField[dict[str, Any]] = models.JSONField(default=dict, help_text="whose access is delegated")
    state = models.CharField(max_length=20, default="UNASSIGNED")
    template_arn = models.CharField(max_length=256)
    parameters: models.JSONField[list[dict[str, Any]]] = models.JSONField(default=list)
    policy = models.TextField()
    workflow_id = models.CharField(max_length=400)
    details: models.JSONField[dict[str, Any]] = models.JSONField(default=dict, help_text="as asked, by AWS's names")
    session_duration = models.IntegerField()
    only_send_by_owner = models.BooleanField(default=False)
    notes = models.CharField(max_length=500, blank=True)
    rejection_reason = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "workflow_id"], name="delegation_workflow_once")]


class ServerCertificate(Identity):
    """A TLS certificate for servers, as it was uploaded; its private key was compared with it and not kept."""

    body = models.TextField()
    chain = models.TextField(blank=True)
    expires_at = models.DateTimeField()
    tags: models.JSONField[Tags] = models.JSONField(default=list)
    arn_type = "server-certificate"

    class Meta:
        constraints = [models.UniqueConstraint("account", Lower("name"), name="certificate_name_once_per_account")]


class SigningCertificate(AccountScoped):
    """An X.509 certificate of a user, or of root where `user` is empty."""

    id = models.CharField(primary_key=True, max_length=32)
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="signing_certificates")
    body = models.TextField()
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of the certificate, in hex")
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField()


class SshKey(AccountScoped):
    """An SSH public key of a user, for CodeCommit."""

    id = models.CharField(primary_key=True, max_length=32)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="ssh_keys")
    openssh = models.TextField(help_text="in one line, without its comment")
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField()


class ServiceCredential(AccountScoped):
    """A user's name and password, or API key, for one AWS service. Only a hash of the secret is kept."""

    id = models.CharField(primary_key=True, max_length=32)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="service_credentials")
    service = models.CharField(max_length=64)
    login = models.CharField(max_length=200)
    secret_hash = models.CharField(max_length=64, help_text="SHA-256 in hex: the secret is random and long")
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
