"""What every page of somebody signed in may have to say: a password that is about to expire."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from accounts.caller import Caller, CallerKind
from identities.models import LoginProfile
from identities.password_rules import WARNED_FOR, expires_at, rules_of


def password_expiry(request: HttpRequest) -> dict[str, object]:
    """`password_days_left` in templates: whole days until the caller's password expires, in its last 15.

    Looked up only where a template asks: a fragment does not.
    """
    return {"password_days_left": SimpleLazyObject(lambda: _days(getattr(request, "caller", None), timezone.now()))}


def _days(caller: Caller | None, now: datetime) -> str:
    """As text, so that zero days are something to show and nothing is nothing."""
    if caller is None or caller.kind is not CallerKind.USER:
        return ""
    rules = rules_of(caller.account_id)
    if rules is None or not rules.max_age_days:
        return ""
    profile = LoginProfile.objects.of(caller.account_id).filter(user_id=caller.principal_id).first()
    end = expires_at(profile, rules) if profile else None
    if end is None or end - now > WARNED_FOR:
        return ""
    return str(max(0, (end - now).days))
