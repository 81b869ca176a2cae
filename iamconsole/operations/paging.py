"""AWS's paging of lists: MaxItems, IsTruncated, and a Marker that means nothing outside its account."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from django.core import signing

from iamconsole.operations.errors import ValidationError
from iamconsole.operations.registry import Result

if TYPE_CHECKING:
    from django.db.models import QuerySet

Item = TypeVar("Item")


def page(
    account_id: str,
    member: str,
    items: Sequence[Item] | QuerySet[Any, Item],
    show: Callable[[Item], object],
    *,
    marker: str | None,
    max_items: int | None,
) -> Result:
    """One page of `items` (a sequence or an unevaluated queryset) under `member`, each as `show` writes it."""
    start, size = _start(account_id, member, marker), max_items or 100
    window = list(items[start : start + size + 1])
    result: Result = {member: [show(item) for item in window[:size]], "IsTruncated": len(window) > size}
    if len(window) > size:
        result["Marker"] = signing.dumps([account_id, member, start + size], salt="marker")
    return result


def _start(account_id: str, member: str, marker: str | None) -> int:
    if not marker:
        return 0
    try:
        account, listed, start = signing.loads(marker, salt="marker")
    except (signing.BadSignature, ValueError):
        account = listed = start = None
    if (account, listed) != (account_id, member) or not isinstance(start, int):
        raise ValidationError("Invalid Marker.")
    return start
