"""Tags as AWS keeps them: keys as first written, each once on a resource, fifty on a resource.

Source: IAM user guide, "Tags for IAM resources" (id_tags): the keys of users and roles are the same in whatever case,
those of everything else are not. The order of these, the shorter first, is as LocalStack recorded it of AWS.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from iamconsole.operations.errors import InvalidInput, LimitExceeded
from identities.models import Tags
from identities.quotas import TAGS


@dataclass(frozen=True)
class TagKeys:
    """How the keys of one kind of resource are told apart and listed."""

    same: Callable[[str], str]
    order: Callable[[str], str]
    duplicate: str = "Duplicate tag keys found."


ANY_CASE = TagKeys(str.casefold, str, "Duplicate tag keys found. Please note that Tag keys are case insensitive.")
EXACT = TagKeys(str, lambda key: f"{len(key):03}{key}")


def checked(tags: Sequence[Mapping[str, str]] | None, keys: TagKeys = ANY_CASE) -> Tags:
    """The tags of a request, when they may stand together. Raises AWS's InvalidInput."""
    wanted = [{"Key": tag["Key"], "Value": tag["Value"]} for tag in tags or ()]
    if len({keys.same(tag["Key"]) for tag in wanted}) < len(wanted):
        raise InvalidInput(keys.duplicate)
    if any(tag["Key"].casefold().startswith("aws:") for tag in wanted):
        raise InvalidInput("aws: prefixed tag key names are not allowed for external use.")
    return wanted


def merged(present: Tags, tags: Sequence[Mapping[str, str]], keys: TagKeys = ANY_CASE) -> Tags:
    """The tags after TagUser and its like: a key that counts as the same replaces the old one."""
    kept = {keys.same(tag["Key"]): tag for tag in present}
    kept |= {keys.same(tag["Key"]): tag for tag in checked(tags, keys)}
    if len(kept) > TAGS:
        raise LimitExceeded("The number of tags has reached the maximum limit.")
    return list(kept.values())


def without(present: Tags, gone: Iterable[str], keys: TagKeys = ANY_CASE) -> Tags:
    """The tags after UntagUser and its like; keys that are not there do not matter."""
    named = {keys.same(key) for key in gone}
    return [tag for tag in present if keys.same(tag["Key"]) not in named]


def by_key(tags: Tags, keys: TagKeys = ANY_CASE) -> Tags:
    """In the order AWS lists them."""
    return sorted(tags, key=lambda tag: keys.order(tag["Key"]))


def as_given(tags: Tags) -> dict[str, Tags]:
    """The tags in an answer to making something: as they came, and no member where none came."""
    return {"Tags": tags} if tags else {}


def as_mapping(tags: Tags) -> dict[str, str]:
    """For conditions on `aws:ResourceTag/…`."""
    return {tag["Key"]: tag["Value"] for tag in tags}
