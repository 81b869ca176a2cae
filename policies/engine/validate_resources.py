"""The form of ARNs in Resource and NotResource, with AWS's texts for each way to get it wrong."""

from __future__ import annotations

from policies.engine.positioned import Node
from policies.engine.validate_kinds import text_of

PARTITIONS = frozenset(
    {"aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f", "aws-eusc", "*"}
)
IAM_PATHS = (
    "user/", "federated-user/", "role/", "group/", "instance-profile/", "mfa/", "server-certificate/", "policy/",
    "sms-mfa/", "saml-provider/", "oidc-provider/", "report/", "access-report/",
)  # fmt: skip
# AWS's sentence names only the thirteen above; these came later.
LATER_IAM_PATHS = ("delegation-request/", "role-template/")
# Types of Amazon S3 whose ARNs do carry a Region.
REGIONAL_S3_TYPES = (
    "accesspoint/", "access-grants/", "access-grants", "async-request/", "job/", "storage-lens/",
    "storage-lens-group/",
)  # fmt: skip

NOT_AN_ARN = 'Resource {} must be in ARN format or "*".'
BAD_VENDOR = "Resource vendor must be fully qualified and cannot contain regexes."
BAD_PARTITION = 'Partition "{}" is not valid for resource "arn:{}".'
IAM_REGION = "IAM resource {} cannot contain region information."
S3_REGION = "Resource {} can not contain region information."
IAM_PATH = f'IAM resource path must either be "*", root, or start with {", ".join(IAM_PATHS)}.'


def resource_problem(resource: str) -> str | None:
    """AWS's text for the first thing wrong with the form of one resource, or None."""
    if resource == "*":
        return None
    parts = resource.split(":", 5)
    if len(parts) == 1:
        return NOT_AN_ARN.format(resource)
    if parts[1] not in PARTITIONS:
        return _partition_problem(parts)
    if parts[0] != "arn":
        return NOT_AN_ARN.format(resource)
    if len(parts) < 3 or "*" in parts[2] or "?" in parts[2]:
        return BAD_VENDOR
    return _service_problem(resource, parts)


def _partition_problem(parts: list[str]) -> str:
    """AWS shows the ARN as it read it, with a star for each part that is not there."""
    rest = parts[2:] if parts[2:] != [""] else []
    shown = [parts[1], *rest, *["*"] * (4 - len(rest))]
    return BAD_PARTITION.format(parts[1], ":".join(shown))


def _service_problem(resource: str, parts: list[str]) -> str | None:
    service, region = parts[2], parts[3] if len(parts) > 3 else ""
    name = parts[5] if len(parts) > 5 else ""
    if service == "s3":
        return S3_REGION.format(resource) if region and not name.startswith(REGIONAL_S3_TYPES) else None
    if service == "iam":
        return IAM_REGION.format(resource) if region else _iam_path_problem(parts[-1], name)
    return None


def _iam_path_problem(last: str, name: str) -> str | None:
    return None if last in ("*", "root") or name.startswith(IAM_PATHS + LATER_IAM_PATHS) else IAM_PATH


def has_legacy_form(resource: str) -> bool:
    """Whether AWS's older parser can read the resource: no empty service, no `::` in an ARN with parts missing."""
    if resource == "*":
        return True
    parts = resource.split(":", 5)
    return bool(parts[2]) and (len(parts) == 6 or "::" not in resource)


def first_problem(resources: list[Node]) -> tuple[str, Node] | None:
    """AWS looks at the resources of an element in the order of their text."""
    for node in sorted(resources, key=text_of):
        problem = resource_problem(text_of(node))
        if problem:
            return problem, node
    return None
