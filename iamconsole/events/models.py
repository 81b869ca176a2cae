"""The event history: one row a call, allowed, denied or failed. Text only: it outlives what it speaks of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, NoReturn

from django.db import models


class HistoryStands(TypeError):
    """Somebody tried to change or remove what happened."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__("Events are neither changed nor deleted.")


class EventRows(models.QuerySet["Event"]):
    """Events to read, and to add to by `chain.append`."""

    def update(self, **values: Any) -> NoReturn:
        raise HistoryStands

    def bulk_update(self, objs: Iterable[Event], fields: Iterable[str], batch_size: int | None = None) -> NoReturn:
        raise HistoryStands

    def delete(self) -> NoReturn:
        raise HistoryStands


class Chain(models.Model):
    """The end of one account's history: the digest of its newest event. The row is also the lock for adding one."""

    account_id = models.CharField(primary_key=True, max_length=12)
    digest = models.CharField(max_length=64)


class Event(models.Model):
    """What CloudTrail would record of one call, with the decision that let it through or stopped it."""

    id = models.BigAutoField(primary_key=True)
    event_id = models.UUIDField(unique=True)
    account_id = models.CharField(max_length=12)
    at = models.DateTimeField()
    name = models.CharField(max_length=128)
    source = models.CharField(max_length=64)
    read_only = models.BooleanField()
    principal_arn = models.CharField(max_length=2048)
    principal_type = models.CharField(max_length=32)
    user_name = models.CharField(max_length=128, blank=True)
    access_key_id = models.CharField(max_length=32, blank=True)
    source_ip = models.CharField(max_length=64, blank=True)
    resource_name = models.CharField(max_length=2048, blank=True)
    resource_type = models.CharField(max_length=64, blank=True)
    error_code = models.CharField(max_length=64, blank=True)
    error_message = models.TextField(blank=True)
    record: models.JSONField[dict[str, object]] = models.JSONField()
    decision: models.JSONField[dict[str, object] | None] = models.JSONField(null=True)
    digest = models.CharField(max_length=64, default="", help_text="of the event and of the digest before it")
    objects: ClassVar[models.Manager[Event]] = models.Manager.from_queryset(EventRows)()

    class Meta:
        indexes = [
            models.Index(fields=["account_id", "id"], name="event_by_time"),
            models.Index(fields=["account_id", "name", "id"], name="event_by_name"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M:%S}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise HistoryStands
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise HistoryStands
