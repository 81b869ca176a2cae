"""Where a form may send the browser on to: a page of this console, whatever the request says."""

from __future__ import annotations

from django.utils.http import url_has_allowed_host_and_scheme


def is_local(address: str) -> bool:
    """Whether an address is a plain path here, and no browser reads another host out of it."""
    plain = address.startswith("/") and address.isprintable() and "\\" not in address
    return plain and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
