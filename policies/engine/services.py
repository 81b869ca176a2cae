"""Where single services deviate from the general rules: STS, KMS, S3, Organizations, and what nobody may change."""

from __future__ import annotations

from collections.abc import Mapping

from policies.engine import arn, s3
from policies.engine.document import Document
from policies.engine.principal import PrincipalKind
from policies.engine.reasons import Reason
from policies.engine.request import Request

UNDER_RCP = frozenset(
    {"s3", "sts", "kms", "sqs", "secretsmanager", "ecr", "aoss", "dynamodb", "cognito-identity", "cognito-idp", "logs"}
)
_READING = ("get", "list", "simulate", "generate")
_GUARDED = ("iam:", "kms:")
_SPECIAL = ("iam:", "kms:", "sts:get")
_WITH_SESSION_TOKEN = (
    "sts:assumerole", "sts:getdelegatedaccesstoken", "sts:getscopedcredentials", "sts:getwebidentitytoken",
)  # fmt: skip
_FOR_USERS = (PrincipalKind.USER, PrincipalKind.ROOT)


def is_special(request: Request) -> bool:
    """Whether `needs_no_permission` or `guard` can have anything to say; they have not about most requests."""
    return bool(request.options) or request.action_key.startswith(_SPECIAL)


def needs_no_permission(request: Request) -> bool:
    """GetCallerIdentity answers every signed caller and GetSessionToken every user, whatever policies say."""
    if not request.action_key.startswith("sts:get"):
        return False
    kind = request.principal.kind
    if request.action_key == "sts:getcalleridentity":
        return kind is not PrincipalKind.ANONYMOUS
    return request.action_key == "sts:getsessiontoken" and kind in _FOR_USERS and not from_session_token(request)


def from_session_token(request: Request) -> bool:
    """Whether the caller acts with credentials that GetSessionToken gave."""
    return bool(request.options.get("get_session_token"))


def guard(request: Request) -> Reason | None:
    """Why no policy can allow this, or None."""
    if request.action_key == "sts:getsessiontoken":
        return Reason.NOT_FOR_SESSIONS
    if from_session_token(request):
        return _session_token_guard(request)
    return _protected(request) if request.action_key.startswith(_GUARDED) else None


def _session_token_guard(request: Request) -> Reason | None:
    if request.service == "iam" and request.keys.get("aws:multifactorauthpresent") != "true":
        return Reason.TOKEN_WITHOUT_MFA
    if request.service == "sts" and request.action_key not in _WITH_SESSION_TOKEN:
        return Reason.TOKEN_LIMITED_IN_STS
    return None


def _protected(request: Request) -> Reason | None:
    parts = arn.split(request.target)
    if parts is None or request.action_key.partition(":")[2].startswith(_READING):
        return None
    _, _, service, _, account, resource = parts
    if service == "iam" and account == "aws" and resource.startswith("policy/"):
        return Reason.AWS_MANAGED_POLICY
    if service == "iam" and resource.startswith("role/aws-reserved/"):
        return Reason.RESERVED_ROLE
    if service == "kms" and resource.startswith("alias/aws/"):
        return Reason.AWS_MANAGED_ALIAS
    return None


def rcps_apply(request: Request) -> bool:
    """Whether resource control policies look at this request at all."""
    if request.service not in UNDER_RCP or request.action_key == "kms:retiregrant":
        return False
    return not request.principal.service_linked and not _is_aws_managed_key(request)


def _is_aws_managed_key(request: Request) -> bool:
    if request.service != "kms":
        return False
    return bool(request.options.get("aws_managed_key")) or arn.resource_of(request.target).startswith("alias/aws/")


def trust_is_required(request: Request) -> bool:
    """Whether the resource's own policy must trust the account before identity policies count: KMS keys and roles."""
    if not request.action_key.startswith(("kms:", "sts:")):
        return False
    owner, resource = arn.service_of(request.target), arn.resource_of(request.target)
    if request.service == "kms":
        return owner == "kms" and resource.startswith("key/")
    return request.service == "sts" and owner == "iam" and resource.startswith("role/")


def public_access_is_blocked(request: Request, document: Document) -> bool:
    """Whether S3 Block Public Access voids what the bucket policy gives to other accounts and anonymous callers."""
    settings = request.options.get("s3")
    if request.service != "s3" or not isinstance(settings, Mapping):
        return False
    return _restricts(settings.get("block_public_access")) and s3.is_public(document)


def _restricts(setting: object) -> bool:
    if not isinstance(setting, Mapping):
        return setting is True
    plain = {str(name).replace("_", "").lower(): value for name, value in setting.items()}
    return plain.get("restrictpublicbuckets") is True
