"""Mails to root users: built at once, delivered behind the answer, so that its time tells nothing of who exists."""

from __future__ import annotations

import logging
from threading import Timer

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connections

log = logging.getLogger(__name__)
# Seconds until the answer is out: what is at work beside it makes it later, and would tell who exists.
BEHIND = 1.0


def send(to: str, subject: str, body: str, *, really: bool = True) -> None:
    """Send a mail; `really=False` does the same work for an address that nobody has."""
    message = EmailMessage(subject, body, to=[to])
    if settings.MAIL_IN_BACKGROUND:
        Timer(BEHIND, _deliver_and_close, (message, really)).start()
    else:
        _deliver(message, really)


def _deliver_and_close(message: EmailMessage, really: bool) -> None:
    try:
        _deliver(message, really)
    finally:
        connections.close_all()  # a thread has connections of its own


def _deliver(message: EmailMessage, really: bool) -> None:
    if not really:
        return
    try:
        message.send()
    except OSError:  # smtplib's errors are among them
        log.exception("A mail could not be sent; EMAIL_URL says which server was asked")
