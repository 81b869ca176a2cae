"""Who is asking: one frozen value, made at the door of the house (sign-in, SigV4, a command) and never None. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class CallerKind(Enum):
    """The kinds of identity that can call an operation."""

    ROOT = "root"
    USER = "user"
    ROLE_SESSION = "role-session"
    FEDERATED = "federated"
    WEB_IDENTITY = "web-identity"
    SAML_IDENTITY = "saml-identity"
    ANONYMOUS = "anonymous"
    SYSTEM = "system"


@dataclass(frozen=True)
class Origin:
    """Where a request came from; `via` is "console", "api" or "system"."""

    source_ip: str = "127.0.0.1"
    user_agent: str = ""
    secure_transport: bool = False
    via: str = "system"


SYSTEM_ORIGIN = Origin()


@dataclass(frozen=True)
class Session:
    """What temporary credentials carry: times are seconds since the epoch, policies are documents as JSON text."""

    issued_at: float
    expires_at: float
    role_arn: str = ""
    user_id: str = ""
    tags: tuple[tuple[str, str], ...] = ()
    transitive: tuple[str, ...] = ()
    source_identity: str = ""
    policies: tuple[str, ...] = ()
    policy_arns: tuple[str, ...] = ()
    plain: bool = False
    """Made by GetSessionToken: the user itself, for a while."""
    provider: str = ""
    """The ARN of the outside provider whose token opened the session."""
    context: tuple[tuple[str, str], ...] = ()
    """Trusted context keys that the provider's token gave: `aws:OriginIdentity/Subject`."""
    scopes: tuple[str, ...] = ()
    """What GetScopedCredentials narrowed it to since, each within the one before."""


@dataclass(frozen=True)
class Assertion:
    """What a token that an outside provider signed says of its bearer, verified; `provider` is the provider's ARN."""

    provider: str
    issuer: str
    subject: str
    audience: str
    keys: tuple[tuple[str, str | tuple[str, ...]], ...]
    """By condition key: `idp.example.com:sub`."""
    tags: tuple[tuple[str, str], ...] = ()
    transitive: tuple[str, ...] = ()
    source_identity: str = ""
    context: tuple[tuple[str, str], ...] = ()
    """Trusted context keys for the session: `aws:OriginIdentity/Subject`."""
    # What a SAML assertion says besides; `ends_at` is seconds since the epoch.
    session_name: str = ""
    subject_type: str = ""
    name_qualifier: str = ""
    ends_at: float | None = None
    was_encrypted: bool = False


@dataclass(frozen=True)
class Caller:
    """An authenticated (or expressly anonymous or system) principal.

    `principal_id` is AWS's unique id: AIDA… for a user, the account id for root, AROA…:session for a role.
    `mfa` is None where AWS leaves aws:MultiFactorAuthPresent out (long-term keys), else whether MFA was used;
    `mfa_time` is then seconds since the epoch.
    """

    kind: CallerKind
    account_id: str
    arn: str
    principal_id: str
    name: str = ""
    mfa: bool | None = None
    mfa_time: float | None = None
    access_key_id: str = ""
    origin: Origin = SYSTEM_ORIGIN
    session: Session | None = None
    assertion: Assertion | None = None

    @property
    def is_root(self) -> bool:
        return self.kind is CallerKind.ROOT

    @property
    def signed_in(self) -> bool:
        return self.kind is not CallerKind.ANONYMOUS


def root_caller(
    account_id: str,
    *,
    mfa: bool | None = None,
    mfa_time: float | None = None,
    origin: Origin = SYSTEM_ORIGIN,
    access_key_id: str = "",
) -> Caller:
    """The root user of an account, as `user_caller` says."""
    return Caller(
        CallerKind.ROOT,
        account_id,
        f"arn:aws:iam::{account_id}:root",
        account_id,
        mfa=mfa,
        mfa_time=mfa_time,
        origin=origin,
        access_key_id=access_key_id,
    )


def user_caller(
    account_id: str,
    user_id: str,
    arn: str,
    name: str,
    *,
    mfa: bool | None = None,
    mfa_time: float | None = None,
    origin: Origin = SYSTEM_ORIGIN,
    access_key_id: str = "",
) -> Caller:
    """An IAM user, by console sign-in (`mfa` true or false) or by long-term key (`mfa` None)."""
    return Caller(
        CallerKind.USER,
        account_id,
        arn,
        user_id,
        name=name,
        mfa=mfa,
        mfa_time=mfa_time,
        origin=origin,
        access_key_id=access_key_id,
    )


def system_caller(account_id: str) -> Caller:
    """The installation itself, for demo data and set-up; its calls are recorded as such."""
    return Caller(CallerKind.SYSTEM, account_id, f"arn:aws:iam::{account_id}:system", "system", name="iamconsole")


def web_identity_caller(account_id: str, assertion: Assertion, origin: Origin = SYSTEM_ORIGIN) -> Caller:
    """Somebody known only by a token of an outside provider that the account trusts."""
    who = f"{assertion.provider}:{assertion.audience}:{assertion.subject}"
    name = assertion.subject
    return Caller(
        CallerKind.WEB_IDENTITY, account_id, assertion.provider, who, name=name, origin=origin, assertion=assertion
    )


def saml_caller(account_id: str, assertion: Assertion, origin: Origin = SYSTEM_ORIGIN) -> Caller:
    """Somebody known only by an assertion of a SAML provider that the account trusts."""
    who = f"{assertion.name_qualifier}:{assertion.subject}"
    name = assertion.subject
    return Caller(
        CallerKind.SAML_IDENTITY, account_id, assertion.provider, who, name=name, origin=origin, assertion=assertion
    )


def anonymous_caller(origin: Origin = SYSTEM_ORIGIN) -> Caller:
    """Nobody in particular."""
    return Caller(CallerKind.ANONYMOUS, "", "anonymous", "", origin=origin)
