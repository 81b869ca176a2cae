"""The mailbox of a demo installation: mails that went nowhere, for whoever sits at the machine."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import Mail

# A proxy on this machine comes from a loopback address as well: whoever is behind it reads nothing here.
FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA")
LINK = re.compile(r"https?://\S+")


@dataclass(frozen=True)
class ShownMail:
    """A mail with its first link apart."""

    to: str
    subject: str
    sent_at: datetime
    body: str
    link: str


@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """The latest mails. Whoever reads them can be root: in demo mode only, and from this machine only."""
    passed_on = any(header in request.META for header in FORWARDED)
    if not settings.DEMO or passed_on or not _is_loopback(request.META.get("REMOTE_ADDR", "")):
        raise Http404
    mails = [_shown(mail) for mail in Mail.objects.order_by("-pk")[:20]]
    return render(request, "accounts/mailbox.html", {"mails": mails})


def _shown(mail: Mail) -> ShownMail:
    link = LINK.search(mail.body)
    return ShownMail(mail.to, mail.subject, mail.sent_at, mail.body, link[0] if link else "")


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
