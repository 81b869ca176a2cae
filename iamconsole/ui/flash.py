"""Messages as the flashbar draws them."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.contrib.messages.storage.base import Message

KINDS = ("success", "error", "warning", "info")


@dataclass(frozen=True)
class ShownFlash:
    """One bar; `kind` is success, error, warning, info or in-progress."""

    kind: str
    text: str
    detail: str = ""
    action: str = ""
    url: str = ""

    @property
    def role(self) -> str:
        return "alert" if self.kind == "error" else "status"

    @property
    def icon(self) -> str:
        return "status-loading" if self.kind == "in-progress" else f"status-{self.kind}"


def shown_flash(message: Message) -> ShownFlash:
    """The bar of a Django message; `iamconsole.ui.htmx.flash` hides detail and link in the extra tags."""
    try:
        extra = json.loads(message.extra_tags or "{}")
    except ValueError:
        extra = {}
    action, url = extra.get("link") or ("", "")
    kind = message.level_tag if message.level_tag in KINDS else "info"
    return ShownFlash(kind, str(message.message), extra.get("detail", ""), action, url)
