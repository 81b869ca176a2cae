"""Whose word counts on where a request came from: a proxy's that TRUSTED_PROXIES names, nobody else's.

Everything behind it (lockout, events, aws:SourceIp, aws:SecureTransport; pages and API alike) reads REMOTE_ADDR and
`request.is_secure()`, so that they are set right once, before anything else looks.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, MutableMapping
from functools import lru_cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
# Named in settings.SECURE_PROXY_SSL_HEADER; no header a client sends can have this name.
SCHEME = "iamconsole.scheme"
# What gunicorn would take for HTTPS by itself.
SCHEME_CLAIMS = ("HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_PROTOCOL", "HTTP_X_FORWARDED_SSL")
UNIX = "unix"


def trusted_proxies(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Replace the proxy's address and scheme by its client's, where the proxy is trusted; first of all middleware."""
    _networks(tuple(settings.TRUSTED_PROXIES))  # a wrong setting stops the start, not the first request

    def middleware(request: HttpRequest) -> HttpResponse:
        believe(request.META, tuple(settings.TRUSTED_PROXIES))
        return get_response(request)

    return middleware


def believe(meta: MutableMapping[str, object], proxies: tuple[str, ...]) -> None:
    """Set REMOTE_ADDR and the scheme of a request's META from what trusted proxies say of it."""
    peer = str(meta.get("REMOTE_ADDR") or "")
    if not _is_trusted(peer, proxies):
        if any(claim in meta for claim in SCHEME_CLAIMS):
            meta[SCHEME] = "http"
        return
    client, hops = _client(peer, str(meta.get("HTTP_X_FORWARDED_FOR") or ""), proxies)
    meta["REMOTE_ADDR"] = client
    schemes = [each.strip().lower() for each in str(meta.get("HTTP_X_FORWARDED_PROTO") or "").split(",")]
    # Each proxy appends its own view, or replaces all by it: the outermost trusted one saw the client.
    meta[SCHEME] = "https" if schemes[-min(hops, len(schemes))] == "https" else "http"


def _client(peer: str, forwarded: str, proxies: tuple[str, ...]) -> tuple[str, int]:
    """The rightmost address that is no trusted proxy, and how many proxies were passed; text that is none ends it."""
    found, hops = peer, 1
    for text in reversed(forwarded.split(",")):
        address = _address(text)
        if address is None:
            break
        found = address
        if not _is_trusted(address, proxies):
            break
        hops += 1
    return found, hops


def _address(text: str) -> str | None:
    """An address out of the header, without the port that some proxies add."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return None


def _is_trusted(address: str, proxies: tuple[str, ...]) -> bool:
    if not address:
        return UNIX in proxies
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = getattr(parsed, "ipv4_mapped", None)
    return any((mapped or parsed) in network for network in _networks(proxies))


@lru_cache(maxsize=8)
def _networks(proxies: tuple[str, ...]) -> tuple[Network, ...]:
    try:
        return tuple(ipaddress.ip_network(each.strip(), strict=False) for each in proxies if each.strip() != UNIX)
    except ValueError as error:
        raise ImproperlyConfigured(f"TRUSTED_PROXIES: {error} (addresses or networks, or `unix`)") from error
