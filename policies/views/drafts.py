"""Half-written policies, in the session, each under the token of its wizard."""

from __future__ import annotations

from django.http import HttpRequest

KEY = "policy_drafts"
KEPT = 5
Draft = dict[str, str]


def read(request: HttpRequest, token: str) -> Draft:
    """The draft; empty when there is none (yet)."""
    draft: Draft = request.session.get(KEY, {}).get(token, {})
    return draft


def keep(request: HttpRequest, token: str, draft: Draft) -> None:
    """Keep it as the newest; the oldest give way."""
    others = {name: other for name, other in request.session.get(KEY, {}).items() if name != token}
    newest = list(others.items())[-(KEPT - 1) :]
    request.session[KEY] = {**dict(newest), token: draft}


def drop(request: HttpRequest, token: str) -> None:
    request.session[KEY] = {name: draft for name, draft in request.session.get(KEY, {}).items() if name != token}
