"""The rotation assistant: the next step for somebody's access keys, done by the pages that there are for it."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import ConsoleRequest, signed_in
from accounts.key_rotation import OLD, STEPS, Key, rotation_of
from accounts.views.own import Owner
from accounts.views.security_credentials import ShownKey, shown_keys
from iamconsole.operations.door import ask


@require_safe
@signed_in
def rotate(request: ConsoleRequest, user_name: str = "") -> HttpResponse:
    """Read the keys anew each time: nothing of a rotation is kept anywhere else."""
    owner, now = Owner(request.caller, user_name), timezone.now()
    keys = ask(request.caller, "iam:ListAccessKeys", owner.optional)
    shown = shown_keys(request, owner, keys)
    state = rotation_of([_key(each) for each in shown])
    cards = {each.id: each for each in shown}
    context = {
        "page_title": "Rotate access keys",
        "breadcrumbs": owner.crumbs("Rotate access keys"),
        "owner": owner,
        "denied": keys.denied,
        "used_denied": next((each.used_denied for each in shown if each.used_denied), None),
        "rotation": state,
        "steps": STEPS,
        "old": cards.get(state.old.id) if state.old else None,
        "new": cards.get(state.new.id) if state.new else None,
        "is_old": bool(state.old and state.old.age(now) >= OLD),
        "create_url": owner.url("access-key-create") + "?from=rotation",
    }
    return render(request, "accounts/access_key_rotation.html", context)


def _key(shown: ShownKey) -> Key:
    used = shown.used.get("LastUsedDate")
    return Key(shown.id, shown.active, shown.created, used if isinstance(used, datetime) else None)
