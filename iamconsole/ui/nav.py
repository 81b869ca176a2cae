"""What the side navigation and the account menu link to: only pages that exist in this installation."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse


@dataclass(frozen=True)
class Link:
    """One entry; `name` is a URL name, `also` are the names of pages below it that keep it highlighted."""

    label: str
    name: str
    also: tuple[str, ...] = ()
    badge: str = ""


@dataclass(frozen=True)
class Section:
    """A titled group of entries; without a title its entries stand at the top."""

    title: str
    links: tuple[Link, ...]


@dataclass(frozen=True)
class ShownLink:
    """An entry as the template draws it."""

    label: str
    url: str
    current: bool
    badge: str = ""


NAVIGATION = (
    Section("", (Link("Dashboard", "dashboard"),)),
    Section(
        "Access management",
        (
            Link("User groups", "groups", ("group",)),
            Link("Users", "users", ("user", "access-key")),
            Link("Roles", "roles", ("role",)),
            Link("Policies", "policies", ("policy",)),
            Link("Identity providers", "identity-providers", ("identity-provider",)),
            Link("Account settings", "account-settings", ("password-policy", "mfa-tokens")),
        ),
    ),
    Section(
        "Access reports",
        (
            Link("Policy simulator", "simulator", ("authorization-details",)),
            Link("Credential report", "credential-report"),
            Link("Event history", "events", ("event",)),
        ),
    ),
    Section("Learning", (Link("Labs", "labs", ("lab",)), Link("Graph", "graph"))),
)


def url_or_none(name: str, *args: str) -> str | None:
    """The page's address, or None when this installation does not have that page."""
    return _url(name, args, get_script_prefix(), get_urlconf())


@lru_cache(maxsize=1024)  # every page draws the same two dozen
def _url(name: str, args: tuple[str, ...], prefix: str, urlconf: str | None) -> str | None:
    """Of the prefix and the address book that are in force: they come as arguments so that others are kept apart."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return None


def is_current(link: Link, url_name: str) -> bool:
    """Whether the page `url_name` belongs under this entry: the list itself, or "user", "user-tags" … below it."""
    below = any(url_name == name or url_name.startswith(f"{name}-") for name in link.also)
    return url_name == link.name or below


def sections(url_name: str) -> list[tuple[str, list[ShownLink]]]:
    """The navigation as drawn on the page called `url_name`; a section without pages is left out."""
    shown = [(section.title, [_shown(link, url_name) for link in section.links]) for section in NAVIGATION]
    present = [(title, [link for link in links if link]) for title, links in shown]
    return [(title, links) for title, links in present if links]


def _shown(link: Link, url_name: str) -> ShownLink | None:
    url = url_or_none(link.name)
    return ShownLink(link.label, url, is_current(link, url_name), link.badge) if url else None
