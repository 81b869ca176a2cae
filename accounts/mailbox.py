"""Where a demo installation's mails go: into the database, to be read on the mailbox page."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from accounts.models import Mail

KEPT = 100


class MailboxBackend(BaseEmailBackend):
    """Django's way of sending, to nobody."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep the mails, and of all mails the latest."""
        for message in email_messages:
            to = ", ".join(message.to)[:254]
            Mail.objects.create(to=to, subject=message.subject[:200], body=str(message.body), sent_at=timezone.now())
        oldest_kept = Mail.objects.order_by("-pk").values_list("pk", flat=True)[KEPT - 1 : KEPT].first()
        if oldest_kept:
            Mail.objects.filter(pk__lt=oldest_kept).delete()
        return len(email_messages)
