"""Tags as AWS keeps them: keys as first written, unique without regard to case, fifty on a resource."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from iamconsole.operations.errors import InvalidInput, LimitExceeded
from identities.models import Tags
from identities.quotas import TAGS


def checked(tags: Sequence[Mapping[str, str]] | None) -> Tags:
    """The tags of a request, when they may stand together. Raises AWS's InvalidInput."""
    wanted = [{"Key": tag["Key"], "Value": tag["Value"]} for tag in tags or ()]
    keys = [tag["Key"].casefold() for tag in wanted]
    if len(set(keys)) < len(keys):
        raise InvalidInput("Duplicate tag keys found. Please note that Tag keys are case insensitive.")
    if any(key.startswith("aws:") for key in keys):
        raise InvalidInput("aws: prefixed tag key names are not allowed for external use.")
    return wanted


def merged(present: Tags, tags: Sequence[Mapping[str, str]]) -> Tags:
    """The tags after TagUser and its like: a key in another spelling replaces the old one."""
    kept = {tag["Key"].casefold(): tag for tag in present}
    kept |= {tag["Key"].casefold(): tag for tag in checked(tags)}
    if len(kept) > TAGS:
        raise LimitExceeded("The number of tags has reached the maximum limit.")
    return list(kept.values())


def without(present: Tags, keys: Iterable[str]) -> Tags:
    """The tags after UntagUser and its like; keys that are not there do not matter."""
    gone = {key.casefold() for key in keys}
    return [tag for tag in present if tag["Key"].casefold() not in gone]


def by_key(tags: Tags) -> Tags:
    """In the order AWS lists them."""
    return sorted(tags, key=lambda tag: tag["Key"])


def as_mapping(tags: Tags) -> dict[str, str]:
    """For conditions on `aws:ResourceTag/…`."""
    return {tag["Key"]: tag["Value"] for tag in tags}
