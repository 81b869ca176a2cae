"""AWS's paging of lists: MaxItems, IsTruncated, and a Marker that means nothing outside its account."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from django.core import signing

from iamconsole.operations.errors import ValidationError
from iamconsole.operations.registry import Result

if TYPE_CHECKING:
    from django.db.models import QuerySet

Item = TypeVar("Item")
Place = TypeVar("Place", int, str)


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
    start, size = _start(account_id, member, marker, 0), max_items or 100
    window = list(items[start : start + size + 1])
    return _page(account_id, member, [show(item) for item in window], size, start + size)


def page_after(
    account_id: str,
    member: str,
    fetch: Callable[[str, int], Sequence[Item]],
    show: Callable[[Item], object],
    key: Callable[[Item], str],
    *,
    marker: str | None,
    max_items: int | None,
) -> Result:
    """The same of a list that grows long: `fetch` gives so many items after a key, in the order of their keys.

    The last page costs what the first costs, and what is added or deleted meanwhile moves nothing else.
    """
    size = max_items or 100
    window = fetch(_start(account_id, member, marker, ""), size + 1)
    after = key(window[size - 1]) if len(window) > size else ""
    return _page(account_id, member, [show(item) for item in window], size, after)


def page_by(
    account_id: str,
    member: str,
    items: Iterable[Item],
    show: Callable[[Item], object],
    key: Callable[[Item], str],
    *,
    marker: str | None,
    max_items: int | None,
) -> Result:
    """The same of items at hand, put in the order of their keys; no two have the same key."""

    def fetch(after: str, count: int) -> Sequence[Item]:
        return sorted((item for item in items if key(item) > after), key=key)[:count]

    return page_after(account_id, member, fetch, show, key, marker=marker, max_items=max_items)


def _page(account_id: str, member: str, shown: list[object], size: int, after: int | str) -> Result:
    more = len(shown) > size
    result: Result = {member: shown[:size], "IsTruncated": more}
    if more:
        result["Marker"] = signing.dumps([account_id, member, after], salt="marker")
    return result


def _start(account_id: str, member: str, marker: str | None, beginning: Place) -> Place:
    if not marker:
        return beginning
    try:
        account, listed, start = signing.loads(marker, salt="marker")
    except (signing.BadSignature, ValueError):
        account = listed = start = None
    if (account, listed) != (account_id, member) or type(start) is not type(beginning):
        raise ValidationError("Invalid Marker.")
    return start
